"""The text to train on: files and folders read as UTF-8, with what was skipped and why, and held-out text split off.

The same rules as the editor's, down to which files are held out: a run goes on in either with the same text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
from collections.abc import Sequence

from .errors import SmugglerError
from .generator import Generator
from .ignore_rules import GitignoreRules, exclude_test

#: Never text to train on, whatever the rules say.
_NEVER_READ = {".git", "node_modules"}
#: What tells a model folder: its log would otherwise be trained on when a run within its own text is resumed.
_MODEL_FILES = {"config.json", "model.safetensors"}
#: Backspace, tab, line feed, vertical tab, form feed, carriage return, escape.
_LAYOUT_CONTROLS = {0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B}
#: Two chunks: one to predict from and one to predict.
_MIN_HELD_OUT_BYTES = 8


@dataclasses.dataclass(frozen=True)
class CorpusFile:
    """A text file: valid UTF-8, no NUL, at least one byte; `data` is its text by `document_text`."""

    path: str
    data: memoryview


@dataclasses.dataclass(frozen=True)
class Corpus:
    """Files in the order of their paths, each once; and what was met and not read, by path with the reason."""

    files: list[CorpusFile]
    skipped: dict[str, str]

    @property
    def bytes(self) -> int:
        return sum(len(file.data) for file in self.files)


@dataclasses.dataclass(frozen=True)
class Split:
    train: list[CorpusFile]
    held_out: list[CorpusFile]


def _utf16(path: str) -> bytes:
    """Paths are ordered by their UTF-16 units, as the editor orders them."""
    return path.encode("utf-16-be", "surrogatepass")


def read_corpus(paths: Sequence[str], exclude: Sequence[str], max_file_bytes: int) -> Corpus:
    """Reads files and folders (recursively).

    Left out in folders and reported: what `.gitignore` files (of the folder, below it, and above it in its repository) or
    `exclude` name, `.git`, `node_modules`, model folders, and symbolic links. A file that is named itself is read whatever the
    rules say. Left out everywhere and reported: binaries, what is not UTF-8 (UTF-16 by name), files above
    `max_file_bytes`, unreadable and empty ones. Raises SmugglerError where a path does not exist, or nothing is left to read.
    """
    found: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for given in map(os.path.abspath, paths):
        if not os.path.lexists(given):
            raise SmugglerError(f"{given}: no such file or folder, expected text to read.")
        real = os.path.realpath(given)
        if os.path.isdir(real):
            _walk(given, real, exclude, found, skipped)
        elif os.path.exists(real):
            found[real] = given
            skipped.pop(given, None)
        else:
            skipped[given] = "unreadable"
    files = []
    for real, shown in sorted(found.items(), key=lambda item: _utf16(item[1])):
        text = _read_text(real, max_file_bytes)
        if isinstance(text, str):
            skipped[shown] = text
        else:
            files.append(CorpusFile(shown, memoryview(text)))
    if not files:
        raise SmugglerError(_nothing_to_read(paths, skipped))
    return Corpus(files, skipped)


def _nothing_to_read(paths: Sequence[str], skipped: dict[str, str]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    where = f"Nothing to read in {', '.join(paths[:3])}{more}" if paths else "No path was given"
    if not skipped:
        return f"{where}: expected at least one text file in UTF-8."
    reasons = list(skipped.values())
    counts = ", ".join(f"{reasons.count(reason)} {reason}" for reason in dict.fromkeys(reasons))
    return f"{where}: everything found was skipped ({counts}), expected at least one text file in UTF-8."


def _walk(shown: str, real: str, exclude: Sequence[str], found: dict[str, str], skipped: dict[str, str]) -> None:
    """Finds the files below a folder, a level at a time, so that git is asked once a level."""
    rules = GitignoreRules(real)
    excluded = exclude_test(exclude)
    level = [""]
    while level:
        entries: list[tuple[str, os.DirEntry[str]]] = []
        for folder in level:
            listed = _list(os.path.join(real, folder))
            if listed is None:
                skipped[os.path.normpath(os.path.join(shown, folder))] = "unreadable"
            elif folder and _MODEL_FILES <= {entry.name for entry in listed}:
                skipped[os.path.join(shown, folder)] = "ignored"
            else:
                entries += [(os.path.join(folder, entry.name), entry) for entry in listed]
        kept = []
        for relative, entry in entries:
            posix = relative.replace(os.sep, "/")
            if entry.name in _NEVER_READ or entry.is_symlink() or excluded.match(posix):
                skipped[os.path.join(shown, relative)] = "ignored"
            else:
                kept.append((relative, entry))
        ignored = rules.ignored([entry.path for _, entry in kept])
        level = []
        for relative, entry in kept:
            if entry.path in ignored:
                skipped[os.path.join(shown, relative)] = "ignored"
            elif entry.is_dir():
                level.append(relative)
            else:
                found.setdefault(entry.path, os.path.join(shown, relative))


def _list(folder: str) -> list[os.DirEntry[str]] | None:
    try:
        with os.scandir(folder.rstrip(os.sep) or os.sep) as entries:
            return list(entries)
    except OSError:
        return None


def _read_text(file: str, max_bytes: int) -> bytes | str:
    """The bytes of a text file, or why it is none."""
    try:
        status = os.stat(file)
        # A pipe or a device could be read for ever.
        if not stat.S_ISREG(status.st_mode):
            return "unreadable"
        if status.st_size == 0:
            return "empty"
        if status.st_size > max_bytes:
            return "too large"
        with open(file, "rb") as opened:
            data = opened.read()
    except OSError:
        return "unreadable"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    if b"\0" in data:
        return "binary"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Text in another encoding has no control characters but those of layout and of terminals.
        return "binary" if any(byte < 0x20 and byte not in _LAYOUT_CONTROLS for byte in set(data)) else "not UTF-8"
    return document_text(data) or "empty"


def document_text(data: bytes) -> bytes:
    """The bytes of a file as an editor shows them, by VS Code's rule: without a byte order mark, all line breaks the same.

    They become CR LF where more than half of them have a CR, else LF.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    carriage_returns, pairs = data.count(b"\r"), data.count(b"\r\n")
    line_breaks = data.count(b"\n") + carriage_returns - pairs
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.replace(b"\n", b"\r\n") if carriage_returns > line_breaks / 2 else text


def split_corpus(corpus: Corpus, held_out_share: float, seed: int) -> Split:
    """Splits off text that is never trained on, about `held_out_share` of the bytes.

    Files that are small against the held-out text (at most a quarter of it) go whole to one side, drawn by `seed`; every larger
    one gives its own last part, cut at a character boundary. A last part too short for two chunks stays in training.
    """
    train: list[CorpusFile] = []
    held_out: list[CorpusFile] = []
    small = [file for file in corpus.files if len(file.data) <= held_out_share * corpus.bytes / 4]
    drawn = _draw_whole(small, held_out_share, Generator.from_seed(seed))
    are_small = set(map(id, small))
    for file in corpus.files:
        if id(file) in drawn:
            held_out.append(file)
        elif id(file) in are_small:
            train.append(file)
        else:
            # Halves are rounded up, as in the editor.
            cut = _character_start(file.data, int(len(file.data) * (1 - held_out_share) + 0.5))
            if cut == 0 or len(file.data) - cut < _MIN_HELD_OUT_BYTES:
                train.append(file)
            else:
                train.append(CorpusFile(file.path, file.data[:cut]))
                held_out.append(CorpusFile(file.path, file.data[cut:]))
    return Split(train, held_out)


def _draw_whole(files: Sequence[CorpusFile], share: float, generator: Generator) -> set[int]:
    """Draws files until their bytes come as near to the share as whole files can; the `id`s of those drawn."""
    order = list(files)
    for i in range(len(order) - 1, 0, -1):
        j = generator.integer(i + 1)
        order[i], order[j] = order[j], order[i]
    left = share * sum(len(file.data) for file in files)
    drawn = set()
    for file in order:
        if len(file.data) / 2 <= left:
            drawn.add(id(file))
            left -= len(file.data)
    return drawn


def _character_start(data: memoryview, offset: int) -> int:
    """The last offset at or before `offset` where a character begins."""
    if offset >= len(data):
        return len(data)
    start = offset
    for _ in range(3):
        if start > 0 and data[start] & 0xC0 == 0x80:
            start -= 1
    return start


def corpus_fingerprint(files: Sequence[CorpusFile]) -> str:
    """SHA-256 over the files' lengths and bytes in order, names aside."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{len(file.data)}\n".encode())
        digest.update(file.data)
    return digest.hexdigest()
