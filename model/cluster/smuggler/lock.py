"""One trainer a model folder, the editor's included: a lock file that names its process, and is void when that is gone."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from typing import Any

from .errors import SmugglerError
from .transaction import file_error, is_alive

_LOCK = ".training.lock"
#: Longer than a process takes from making a file to having written it.
_SETTLED_SECONDS = 1.0
_RETRY_SECONDS = 0.02


@contextlib.contextmanager
def folder_lock(folder: str) -> Iterator[None]:
    """Locks a folder for one trainer; the folder is made where needed. A lock left by a killed process is taken over.

    Raises SmugglerError where another trainer is at work in it, or the folder cannot be written.
    """
    file = os.path.join(folder, _LOCK)
    owner = {"pid": os.getpid(), "host": socket.gethostname(), "token": secrets.token_hex(8)}
    try:
        os.makedirs(folder, exist_ok=True)
        _take(folder, file, owner)
    except OSError as error:
        raise file_error(error, "write", file) from error
    try:
        yield
    finally:
        found = _read(file)
        if isinstance(found, dict) and found["token"] == owner["token"]:
            os.unlink(file)


def _take(folder: str, file: str, owner: dict[str, Any]) -> None:
    while not _create(file, owner):
        found = _read(file)
        if isinstance(found, dict) and _is_at_work(found):
            where = "" if found["host"] == socket.gethostname() else f" on {found['host']}"
            raise SmugglerError(
                f"{folder} is being trained by process {found['pid']}{where}; stop that training, or delete {file} if it no "
                "longer runs."
            )
        if found == "new":
            time.sleep(_RETRY_SECONDS)
        elif found != "gone":
            _remove_stale(file, found)


def _create(file: str, owner: dict[str, Any]) -> bool:
    """Makes a lock file; False where there is one."""
    try:
        with open(file, "x", encoding="utf-8") as opened:
            opened.write(json.dumps(owner))
        return True
    except FileExistsError:
        return False


def _read(file: str) -> dict[str, Any] | str:
    """Whose a lock file is: 'gone'; 'new' while its maker may still be writing it; 'broken' where that was killed over it."""
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            text = opened.read()
        age = abs(time.time() - os.stat(file).st_mtime)
    except FileNotFoundError:
        return "gone"
    try:
        owner = json.loads(text)
    except ValueError:
        owner = None
    types = {"pid": int, "host": str, "token": str}
    if isinstance(owner, dict) and all(isinstance(owner.get(key), kind) for key, kind in types.items()):
        return owner
    return "new" if age < _SETTLED_SECONDS else "broken"


def _is_at_work(owner: dict[str, Any]) -> bool:
    """Another machine's processes cannot be asked: they count as running."""
    return owner["host"] != socket.gethostname() or (owner["pid"] != os.getpid() and is_alive(owner["pid"]))


def _remove_stale(file: str, stale: dict[str, Any] | str) -> None:
    """Removes a lock that was found stale.

    Only who makes the claim file of that very lock may, or of two processes that found it stale the slower one would remove the
    lock that the faster one has made since.
    """

    def token(found: dict[str, Any] | str) -> str:
        return found if isinstance(found, str) else str(found["token"])

    claim = f"{file}.{token(stale)}"
    if not _create(claim, {"pid": os.getpid(), "host": socket.gethostname(), "token": ""}):
        time.sleep(_RETRY_SECONDS)
        with contextlib.suppress(FileNotFoundError):
            # Its maker was killed over it.
            if time.time() - os.stat(claim).st_mtime > _SETTLED_SECONDS:
                os.unlink(claim)
        return
    try:
        if token(_read(file)) == token(stale):
            os.unlink(file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(claim)
