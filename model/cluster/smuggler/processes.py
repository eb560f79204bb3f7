"""The processes of a run, as `torchrun` starts them: who does what, and how they agree."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
import torch.distributed as dist

from .errors import SmugglerError

T = TypeVar("T")


class PeerError(SmugglerError):
    """Another process has failed, and says why itself."""


class Processes:
    """This process among all. One that was not started by `torchrun` is alone."""

    def __init__(self, device: str) -> None:
        """`device`: 'cpu', 'cuda', or 'auto' for the GPU where there is one."""
        self.rank = int(os.environ.get("RANK", "0"))
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        kind = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        if kind == "cuda":
            local = int(os.environ.get("LOCAL_RANK", "0"))
            if not torch.cuda.is_available() or local >= torch.cuda.device_count():
                found = torch.cuda.device_count() if torch.cuda.is_available() else 0
                raise SmugglerError(
                    f"Process {local} of this machine has no GPU, of which {found} were found; start fewer."
                )
            torch.cuda.set_device(local)
            self.device = torch.device("cuda", local)
        else:
            self.device = torch.device(kind)
        self._control: Any = None
        if self.count > 1:
            backend = "nccl" if kind == "cuda" else "gloo"
            # A save or a measurement of one process may keep the others waiting.
            dist.init_process_group(backend, timeout=datetime.timedelta(minutes=30))
            # Small messages travel on the CPU, where they wait for no GPU.
            self._control = dist.new_group(backend="gloo")

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def part_of(self, total: int) -> slice:
        """This process's part of `total` things, as even as can be."""
        return slice(total * self.rank // self.count, total * (self.rank + 1) // self.count)

    def sum(self, values: Sequence[float]) -> list[float]:
        """Sums over all processes, in float64."""
        tensor = torch.tensor(values, dtype=torch.float64)
        if self._control is not None:
            dist.all_reduce(tensor, group=self._control)
        return tensor.tolist()

    def from_first(self, value: T) -> T:
        """The first process's value."""
        if self._control is None:
            return value
        box: list[Any] = [value]
        dist.broadcast_object_list(box, 0, group=self._control)
        return box[0]

    def gather(self, value: T) -> list[T]:
        """The values of all processes."""
        if self._control is None:
            return [value]
        values: list[Any] = [None] * self.count
        dist.all_gather_object(values, value, group=self._control)
        return values

    def agree(self, work: Callable[[], T]) -> T:
        """Does work in every process; where it fails in one, all fail."""
        result, failure = _attempt(work)
        failed = [rank for rank, other in enumerate(self.gather(failure is not None)) if other]
        if failure is not None and failed[0] == self.rank:
            raise failure
        if failed:
            raise PeerError(f"Process {failed[0]} failed.")
        return result

    def first_does(self, work: Callable[[], T]) -> T:
        """Does work in the first process and gives its result to all; where it fails, all fail."""
        result: Any
        result, failure = _attempt(work) if self.is_first else (None, None)
        result, failed = self.from_first((result, failure is not None))
        if failure is not None:
            raise failure
        if failed:
            raise PeerError("The first process failed.")
        return result

    def common(self, error: SmugglerError) -> SmugglerError:
        """An error that every process has found: for the first one to tell, and for the others to end by."""
        return error if self.is_first else PeerError(str(error))

    def close(self) -> None:
        if self._control is not None:
            dist.destroy_process_group()


def _attempt(work: Callable[[], T]) -> tuple[Any, SmugglerError | None]:
    try:
        return work(), None
    except SmugglerError as error:
        return None, error
