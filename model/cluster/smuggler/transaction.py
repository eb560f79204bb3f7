"""Files replaced whole or not at all, one or several together, as the editor does it: a kill leaves the old or the new."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Mapping

from .errors import SmugglerError

#: Complete new files wait here for their place. The folder appears by one rename: that is the commit.
_COMMITTED = ".saved"
_TEMPORARY = re.compile(r"\.saving-(\d+)-[0-9a-f]{12}-")


def file_error(error: OSError, verb: str, path: str) -> SmugglerError:
    """A failed file-system call as one sentence. `verb` says what was tried, such as 'read'."""
    return SmugglerError(f"Cannot {verb} {path}: {(error.strerror or str(error)).lower()}.")


def _temporary_path(folder: str, name: str) -> str:
    return os.path.join(folder, f".saving-{os.getpid()}-{secrets.token_hex(6)}-{name}")


def is_alive(pid: int) -> bool:
    """Whether a process of this machine is running."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write_synced(path: str, data: bytes) -> None:
    """Writes a file that is not there yet and syncs it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = memoryview(data)
        while len(rest) > 0:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: str) -> None:
    """Syncs a folder's entries, so that a rename in it outlives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def atomic_write(path: str, data: bytes) -> None:
    """Replaces one file of a folder that is there. Raises SmugglerError; the old content then still stands."""
    temporary = _temporary_path(*os.path.split(path))
    try:
        try:
            _write_synced(temporary, data)
            os.replace(temporary, path)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise
        _sync_folder(os.path.dirname(path))
    except OSError as error:
        raise file_error(error, "write", path) from error


def _remove_leftovers(folder: str) -> None:
    """Removes what saves of killed processes left."""
    for name in os.listdir(folder):
        match = _TEMPORARY.match(name)
        if match is None or (int(match[1]) != os.getpid() and is_alive(int(match[1]))):
            continue
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)


def replace_files(folder: str, files: Mapping[str, bytes]) -> None:
    """Replaces files of `folder` as one transaction, name → content.

    All are written and synced in a temporary folder, which is renamed to the committed one (from here on the new files count),
    and then moved to their places one by one. Raises SmugglerError; the old files then still stand, or the new are committed.
    """
    at = folder
    try:
        os.makedirs(folder, exist_ok=True)
        finish_replacement(folder)
        _remove_leftovers(folder)
        temporary = _temporary_path(folder, _COMMITTED)
        try:
            os.mkdir(temporary)
            for name, content in files.items():
                at = os.path.join(folder, name)
                _write_synced(os.path.join(temporary, name), content)
            _sync_folder(temporary)
            os.rename(temporary, os.path.join(folder, _COMMITTED))
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        _sync_folder(folder)
    except OSError as error:
        raise file_error(error, "write", at) from error
    finish_replacement(folder)


def finish_replacement(folder: str) -> None:
    """Moves committed files to their places, where a save was interrupted after its commit."""
    committed = os.path.join(folder, _COMMITTED)
    if os.path.islink(committed):
        # The files of another folder would be moved.
        raise SmugglerError(f"{committed} is a file or a symbolic link, not a save of this program; remove it.")
    try:
        for name in os.listdir(committed):
            # Another process that reads the folder may have moved it.
            with contextlib.suppress(FileNotFoundError):
                os.replace(os.path.join(committed, name), os.path.join(folder, name))
        _sync_folder(folder)
        os.rmdir(committed)
    except OSError as error:
        # Nothing to finish, the usual case; or another process is at it.
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ENOTEMPTY):
            raise file_error(error, "finish the interrupted save in", folder) from error
