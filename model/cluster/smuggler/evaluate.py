"""Bits per byte on texts, scored in the same windows as the editor's `evaluate` scores them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from .corpus import CorpusFile
from .network import Smuggler
from .processes import Processes
from .sampler import CHUNK_BYTES

_BATCH = 16
#: The least a file contributes to a quick measurement, so that most of its chunks have their context.
_LEAST_SHARE = 2048


def bits_per_byte(nats_a_bit: float) -> float:
    """Bits per byte of a loss in nats a bit: loss·32/(4·ln 2)."""
    return nats_a_bit * 8 / math.log(2)


def complete_chunks(files: Sequence[CorpusFile]) -> int:
    return sum(len(file.data) // CHUNK_BYTES for file in files)


def sample_files(files: Sequence[CorpusFile], limit: int) -> list[CorpusFile]:
    """A part of the files for a quick measurement: the beginnings of files spread evenly, of about `limit` bytes together."""
    if sum(len(file.data) for file in files) <= limit:
        return list(files)
    count = max(1, min(len(files), limit // _LEAST_SHARE))
    chosen = (files[i * len(files) // count] for i in range(count))
    return [CorpusFile(file.path, file.data[: limit // count]) for file in chosen]


def document_windows(chunk_count: int, context: int) -> Iterator[tuple[int, int, int]]:
    """The windows that score each chunk of a document once, with at least half a window of context where the text has it.

    Gives (first target, first scored, end of the scored): numbers of chunks. With h = max(1, ⌊T/2⌋), window k holds the targets
    from k·h on, and chunk i is scored by window max(0, ⌊i/h⌋ − 1); with T = 1 by window i.
    """
    h = max(1, context // 2)
    chunk = 0
    while chunk < chunk_count:
        k = chunk // h if context == 1 else max(0, chunk // h - 1)
        end = min(k + 1 if context == 1 else (k + 2) * h, chunk_count)
        yield k * h, chunk, end
        chunk = end


def _windows(files: Sequence[CorpusFile], context: int) -> Iterator[tuple[np.ndarray, int, int]]:
    """Each window's bytes, uint8 [T+1, 4], and which of its T targets are scored, from and to."""
    for file in files:
        for first, start, end in document_windows(len(file.data) // CHUNK_BYTES, context):
            window = np.zeros(CHUNK_BYTES * (context + 1), np.uint8)
            # A zero chunk stands before the text.
            at = CHUNK_BYTES * (first - 1)
            text = np.frombuffer(file.data[max(0, at) : at + len(window)], np.uint8)
            window[max(0, -at) : max(0, -at) + len(text)] = text
            yield window.reshape(-1, CHUNK_BYTES), start - first, end - first


def evaluate(model: Smuggler, files: Sequence[CorpusFile], processes: Processes) -> float | None:
    """Bits per byte of the files' complete chunks, each scored once; None where there is none. Every process scores its part."""
    chunks = complete_chunks(files)
    if chunks == 0:
        return None
    windows = list(_windows(files, model.config.context_chunks))
    mine = windows[processes.part_of(len(windows))]
    nats = 0.0
    with torch.no_grad():
        for i in range(0, len(mine), _BATCH):
            batch = mine[i : i + _BATCH]
            bytes_ = torch.from_numpy(np.stack([window for window, _, _ in batch])).to(processes.device)
            logs = model(bytes_).double().sum(-1).cpu()
            nats -= sum(float(logs[row, start:end].sum()) for row, (_, start, end) in enumerate(batch))
    (total,) = processes.sum([nats])
    return total / math.log(2) / (CHUNK_BYTES * chunks)
