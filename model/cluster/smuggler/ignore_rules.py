"""Which paths under a folder are left out: `.gitignore` files as git has them, exclude patterns as the editor has them."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence

from .errors import SmugglerError


class GitignoreRules:
    """What the `.gitignore` files of a folder, below it, and above it in its repository name, decided by git itself.

    Git runs over the folder as the work tree of an empty repository elsewhere: only `.gitignore` files count, tracked or not,
    and neither a user's own rules nor a repository's.
    """

    def __init__(self, folder: str) -> None:
        self._tree = folder
        root = _repository_root(folder)
        if root is not None and root != folder:
            self._tree = root
            # A folder that is ignored from above was named on purpose, so that the rules above do not count for it.
            if self.ignored([folder]):
                self._tree = folder

    def ignored(self, paths: Sequence[str]) -> set[str]:
        """Those of these absolute paths below the folder that are ignored; none lies in a folder that is."""
        # All are looked at, since git would wait for a pipe in any of them.
        if not any([_has_rules(folder) for folder in _folders_above(paths, self._tree)]):
            return set()
        with tempfile.TemporaryDirectory() as empty:
            self._git(empty, ["init", "--quiet"], b"", (0,))
            names = b"".join(os.fsencode(path) + b"\0" for path in paths)
            # 1: none is ignored.
            output = self._git(empty, ["check-ignore", "--no-index", "-z", "--stdin"], names, (0, 1))
        return {os.fsdecode(path) for path in output.split(b"\0") if path}

    def _git(self, empty: str, command: Iterable[str], stdin: bytes, codes: tuple[int, ...]) -> bytes:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        where = [f"--git-dir={os.path.join(empty, 'git')}", f"--work-tree={self._tree}", "-c", "core.excludesFile="]
        try:
            done = subprocess.run(
                ["git", *where, *command],
                input=stdin,
                capture_output=True,
                cwd=self._tree,
                env=environment,
                check=False,
            )
        except FileNotFoundError as error:
            raise SmugglerError(f"{self._tree} has .gitignore files, which git reads: install git.") from error
        if done.returncode not in codes:
            reason = done.stderr.decode(errors="replace").strip().splitlines()
            raise SmugglerError(f"{self._tree}: git cannot read its .gitignore files ({' '.join(reason[-1:])}).")
        return done.stdout


def _repository_root(folder: str) -> str | None:
    at = folder
    while not os.path.lexists(os.path.join(at, ".git")):
        parent = os.path.dirname(at)
        if parent == at:
            return None
        at = parent
    return at


def _folders_above(paths: Sequence[str], tree: str) -> set[str]:
    """The folders that hold these paths, and those above up to the tree."""
    folders: set[str] = set()
    for path in paths:
        folder = os.path.dirname(path)
        while folder not in folders:
            folders.add(folder)
            if folder != tree:
                folder = os.path.dirname(folder)
    return folders


def _has_rules(folder: str) -> bool:
    """Whether the folder has a `.gitignore` that git obeys: a file, not a link to one."""
    path = os.path.join(folder, ".gitignore")
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return False
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise SmugglerError(f"{path} is a pipe or a device, which git would wait for; remove it.")
    return stat.S_ISREG(mode)


def exclude_test(patterns: Sequence[str]) -> re.Pattern[str]:
    """A pattern of the relative paths (with `/`) to leave out, from patterns in the form of `files.exclude`.

    They hold for the whole path below the folder that was named: `*.log` means the top level, `**/*.log` every level. There are
    `*`, `?`, `**`, `[…]` and `{a,b}`.
    """
    globs = [re.sub(r"^\.?/", "", pattern).rstrip("/") for pattern in patterns]
    ignore_case = re.IGNORECASE if sys.platform in ("win32", "darwin") else 0
    expressions = [_expression(glob) for glob in globs if glob]
    # An empty lookahead that fails: no pattern, no match.
    return re.compile("|".join(f"(?:{expression})" for expression in expressions) or r"(?!)", re.DOTALL | ignore_case)


def _expression(glob: str) -> str:
    """One glob as a regular expression for the whole path."""
    out = []
    depth = 0
    at = 0
    while at < len(glob):
        rest = glob[at:]
        character = glob[at]
        starts = at == 0 or glob[at - 1] in "/{,"
        if rest in ("/**", "/**/*") and at > 0:
            # The folder itself, too, by `/**`.
            out.append(r"(?:/.*)?" if rest == "/**" else r"/.*")
            break
        if starts and rest.startswith("**/"):
            out.append(r"(?:[^/]+/)*")
            at += 3
            continue
        if rest.startswith("**") and starts and (len(rest) == 2 or rest[2] in "},"):
            out.append(r".*")
            at += 2
            continue
        bracket = re.match(r"\[(!|\^)?(\]?[^\]/]*)\]", rest)
        if bracket:
            inner = bracket[2].replace("\\", r"\\").replace("[", r"\[")
            out.append(f"[{'^/' if bracket[1] else ''}{inner}]")
            at += bracket.end()
            continue
        if character == "{" and "}" in rest:
            out.append("(?:")
            depth += 1
        elif character == "}" and depth > 0:
            out.append(")")
            depth -= 1
        elif character == "," and depth > 0:
            out.append("|")
        elif character == "*":
            # Not an empty name.
            out.append(r"[^/]*" if at > 0 and glob[at - 1] not in "/" else r"(?!/)[^/]*")
        elif character == "?":
            out.append(r"[^/]")
        else:
            out.append(re.escape(character))
        at += 1
    return "".join(out) + r"\Z"
