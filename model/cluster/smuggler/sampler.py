"""Training windows at uniformly random byte offsets, and the rates of the 32 bits."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from .corpus import CorpusFile
from .errors import SmugglerError
from .generator import Generator

CHUNK_BYTES = 4
CHUNK_BITS = 32


@dataclasses.dataclass(frozen=True)
class Windows:
    """Some of a batch's windows, and how many chunks are scored in the whole batch."""

    #: uint8 [n, T+1, 4]
    chunks: np.ndarray
    #: float32 [n, T], 1 where the target chunk is four bytes of text, 0 where any of them is padding
    scored: np.ndarray
    scored_in_batch: int


class WindowSampler:
    """Draws windows of T+1 chunks.

    A window begins at byte s of a file, for every s equally likely over all files from which at least one whole chunk of text
    is predicted. s = −4 begins with the zero start chunk as inspection lays it; s = −7, −6, −5 put 3, 2, 1 more zeros between
    it and the text as completion does. Windows that run past the end are padded with zeros on the right.
    """

    def __init__(self, files: Sequence[CorpusFile], context: int, generator: Generator) -> None:
        self._files = [file for file in files if _offset_count(file) > 0]
        self._ends = np.cumsum([_offset_count(file) for file in self._files], dtype=np.int64).tolist()
        self._context = context
        self.generator = generator
        if not self._files:
            found = f"The text has no file of at least {CHUNK_BYTES} bytes among {len(files)}"
            raise SmugglerError(f"{found}, expected one to draw windows from.")

    def next(self, batch: int, part: slice = slice(None)) -> Windows:
        """The windows `part` of the next batch; every process draws the whole batch, so that all draw the same."""
        starts = [self._draw() for _ in range(batch)]
        whole = sum(len(self._scored_targets(file, start)) for file, start in starts)
        mine = starts[part]
        width = CHUNK_BYTES * (self._context + 1)
        chunks = np.zeros((len(mine), width), np.uint8)
        scored = np.zeros((len(mine), self._context), np.float32)
        for i, (file, start) in enumerate(mine):
            text = file.data[max(0, start) : start + width]
            chunks[i, max(0, -start) : max(0, -start) + len(text)] = np.frombuffer(text, np.uint8)
            targets = self._scored_targets(file, start)
            scored[i, targets.start : targets.stop] = 1
        return Windows(chunks.reshape(len(mine), -1, CHUNK_BYTES), scored, whole)

    def _draw(self) -> tuple[CorpusFile, int]:
        """A file, and the byte offset in it where a window begins."""
        draw = self.generator.integer(self._ends[-1])
        index = bisect_right(self._ends, draw)
        file = self._files[index]
        return file, _first_offset(file) + draw - (self._ends[index] - _offset_count(file))

    def _scored_targets(self, file: CorpusFile, start: int) -> range:
        """The targets of a window that are four bytes of text."""
        # Target t begins at byte start + 4(t + 1).
        first = max(0, -(start // CHUNK_BYTES) - 1)
        last = min(self._context, (len(file.data) - start) // CHUNK_BYTES - 1)
        return range(first, max(first, last))


def _first_offset(file: CorpusFile) -> int:
    """The smallest s; a text under 7 bytes has no whole chunk to predict at some of the shifted alignments."""
    return -4 if len(file.data) < 7 else -7


def _offset_count(file: CorpusFile) -> int:
    """Number of s; the largest is n − 8, where the last chunk of the text is predicted from the one before it."""
    return max(0, len(file.data) - 8 - _first_offset(file) + 1)


def bit_rates(files: Sequence[CorpusFile]) -> np.ndarray:
    """Share of ones of each bit over all chunks at all alignments of the files, float32 [32]; ½ where there is no chunk."""
    counts = np.zeros((CHUNK_BYTES, 256))
    chunks = 0
    for file in files:
        text = np.frombuffer(file.data, np.uint8)
        starts = len(text) - CHUNK_BYTES + 1
        if starts <= 0:
            continue
        chunks += starts
        for place in range(CHUNK_BYTES):
            counts[place] += np.bincount(text[place : place + starts], minlength=256)
    if chunks == 0:
        return np.full(CHUNK_BITS, 0.5, np.float32)
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return (counts @ bits / chunks).astype(np.float32).reshape(-1)
