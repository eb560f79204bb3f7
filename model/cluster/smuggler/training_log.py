"""`training.jsonl`: one line a report of a training run, which the editor follows and draws."""

from __future__ import annotations

import json
import math
import os
import stat
from typing import Any

from .errors import SmugglerError
from .transaction import atomic_write, file_error

_LOG = "training.jsonl"
#: No report is longer.
_MOST_LINE_BYTES = 1 << 20


def append_report(folder: str, report: dict[str, Any]) -> None:
    """Adds a report. A line that a killed process left unfinished is removed first; one that only lacks its line feed is kept."""
    path = os.path.join(folder, _LOG)
    _require_own_file(path)
    try:
        with open(path, "ab+") as log:
            end = _whole_lines(log)
            log.seek(end)
            is_whole = _is_entry(log.read(_MOST_LINE_BYTES))
            if not is_whole:
                log.truncate(end)
            log.write((("\n" if is_whole else "") + json.dumps(report) + "\n").encode())
    except OSError as error:
        raise file_error(error, "write", path) from error


def _require_own_file(path: str) -> None:
    """What a link leads to is not ours to write, and a pipe could be waited for without end."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        # Told where it is opened, like a folder.
        return
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return
    what = "a symbolic link" if stat.S_ISLNK(mode) else "not a file"
    raise SmugglerError(f"Cannot write {path}: it is {what}; remove it or train into another folder.")


def _is_entry(line: bytes) -> bool:
    """Whether a line is a report or an end: an object with a number as `step`."""
    try:
        step = json.loads(line)["step"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(step, (int, float)) and not isinstance(step, bool) and math.isfinite(step)


def _whole_lines(log: Any) -> int:
    """Bytes of an open log up to and including its last line feed."""
    end = log.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 4096)
        log.seek(start)
        line_feed = log.read(end - start).rfind(b"\n")
        if line_feed >= 0:
            return start + line_feed + 1
        end = start
    return 0


def drop_reports_after(folder: str, step: int) -> None:
    """Keeps the reports up to `step`, where a run goes on from: those after it will come again."""
    path = os.path.join(folder, _LOG)
    try:
        with open(path, "rb") as log:
            lines = log.read().splitlines(keepends=True)
    except FileNotFoundError:
        return
    except OSError as error:
        raise file_error(error, "read", path) from error
    kept = [line for line in lines if _step_of(line) <= step]
    if kept != lines:
        atomic_write(path, b"".join(kept))


def _step_of(line: bytes) -> float:
    """The step of a line, infinite where a crash left no report there."""
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return float("inf")
