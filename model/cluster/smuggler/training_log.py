"""`training.jsonl`: one line a report of a training run, which the editor follows and draws."""

from __future__ import annotations

import json
import os
from typing import Any

from .errors import SmugglerError
from .transaction import atomic_write, file_error

_LOG = "training.jsonl"


def append_report(folder: str, report: dict[str, Any]) -> None:
    """Adds a report. A line that a killed process left unfinished is removed first."""
    path = os.path.join(folder, _LOG)
    if os.path.islink(path):
        # What it leads to is not ours to write.
        raise SmugglerError(f"Cannot write {path}: it is a symbolic link; remove it or train into another folder.")
    try:
        with open(path, "ab+") as log:
            log.truncate(_whole_lines(log))
            log.write((json.dumps(report) + "\n").encode())
    except OSError as error:
        raise file_error(error, "write", path) from error


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
