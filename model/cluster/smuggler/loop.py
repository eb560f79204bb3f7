"""The training loop: steps in blocks, between which the processes agree, report, measure and save, until the end or a stop."""

from __future__ import annotations

import dataclasses
import math
import signal
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from .errors import SmugglerError
from .evaluate import bits_per_byte
from .network import BITS, Smuggler
from .optimizer import Optimizer
from .plan import Plan, learning_rate_at
from .processes import Processes
from .sampler import WindowSampler

#: Nats a bit above which a loss that has also grown tenfold is no fluctuation: an even guess costs 0.69.
_ABSURD_LOSS = 10 * math.log(2)
_GROWTH = 10
#: Steps whose mean loss stands for the end of a run.
_RECENT_STEPS = 20
#: Held-out text is measured at the earliest after this long, and takes at most this share of the time.
_MEASURE_SECONDS = 10.0
_MEASURE_SHARE = 0.01


class DivergedError(SmugglerError):
    """A value that is not finite, or a loss far above any guess."""

    def __init__(self, step: int, what: str, rate: float) -> None:
        message = f"Training diverged at step {step}: {what} at a learning rate of {rate:.2g}; the last save is kept, try a lower"
        super().__init__(f"{message} learning rate.")
        self.step = step


class StopSignal:
    """SIGINT and SIGTERM (which is how `torchrun` passes either on) ask the run to save and end."""

    def __init__(self) -> None:
        self.received = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._receive)

    def _receive(self, _number: int, _frame: Any) -> None:
        self.received = True


@dataclasses.dataclass
class LoopParts:
    """What the loop drives and tells. Every process runs it; where only the first one acts, the caller sees to that."""

    plan: Plan
    model: Smuggler
    #: The model, with gradients averaged over the processes.
    trained: nn.Module
    optimizer: Optimizer
    sampler: WindowSampler
    processes: Processes
    stop: StopSignal
    first_step: int
    report_seconds: float
    save_seconds: float
    measure_held_out: Callable[[bool], float | None]
    save: Callable[[int, float], None]
    report: Callable[[dict[str, Any]], None]


@dataclasses.dataclass(frozen=True)
class LoopResult:
    step: int
    stopped: bool
    bits_per_byte: float
    held_out_bits_per_byte: float | None


@dataclasses.dataclass(frozen=True)
class _Agreed:
    """What the first process's clock decides for all."""

    over: bool = False
    measures: bool = False
    reports: bool = False
    saves: bool = False
    block: int = 1
    trained_seconds: float = 0.0


class Loop:
    def __init__(self, parts: LoopParts) -> None:
        self.parts = parts
        self.begun = self.reported = self.saved = self.measured = time.perf_counter()
        self.measure_pause = _MEASURE_SECONDS
        self.step = parts.first_step
        self.stopped = False
        self.lowest = math.inf
        self.losses: list[float] = []
        self.recent: list[float] = []
        self.seconds = 0.0
        self.norm = self.rate = 0.0
        self.held_out: float | None = None

    def run(self) -> LoopResult:
        """Runs the plan to its end or until a signal, and saves.

        What is learned depends on the plan, the sampler and the step's number alone (with a time limit also on the clock), never
        on reports, measurements or saves. Raises DivergedError; the last save is then from before.
        """
        parts = self.parts
        agreed = self._agree(1)
        while not agreed.over:
            started = time.perf_counter()
            self._block(agreed)
            self.seconds += time.perf_counter() - started
            agreed = self._agree(agreed.block)
            if agreed.over:
                break
            measured = self._measure(last=False) if agreed.measures else None
            if agreed.reports or measured is not None:
                self._report(measured)
            if agreed.saves:
                parts.save(self.step, agreed.trained_seconds)
                self.saved = time.perf_counter()
        # Saved before it is measured: what was learned must not depend on the measurement's end.
        parts.save(self.step, agreed.trained_seconds)
        self._report(None if self.stopped else self._measure(last=True))
        mean = sum(self.recent) / max(1, len(self.recent))
        return LoopResult(self.step, self.stopped, bits_per_byte(mean), self.held_out)

    def _block(self, agreed: _Agreed) -> None:
        """Some steps, without a look at their losses in between: a GPU would have to be waited for."""
        parts, plan = self.parts, self.parts.plan
        losses: list[torch.Tensor] = []
        norms: list[torch.Tensor] = []
        rates: list[float] = []
        for _ in range(agreed.block):
            done = 0.0 if plan.steps is None else (self.step + len(losses) + 1) / plan.steps
            if plan.seconds is not None:
                done = max(done, agreed.trained_seconds / plan.seconds)
            rates.append(learning_rate_at(plan.schedule, done))
            loss, norm = self._take_step(rates[-1])
            losses.append(loss)
            norms.append(norm)
        stop = float(parts.stop.received)
        *sums, stops = parts.processes.sum([*torch.stack(losses).tolist(), stop])
        self.stopped = stops > 0
        for total, size, rate in zip(sums, torch.stack(norms).tolist(), rates):
            self._check(total, size, rate)
            self.step += 1
            self.lowest = min(self.lowest, total)
            self.losses.append(total)
            self.norm, self.rate = size, rate
        self.recent = [*self.recent, *sums][-_RECENT_STEPS:]

    def _take_step(self, rate: float) -> tuple[torch.Tensor, torch.Tensor]:
        """This process's part of the loss in nats a bit, and the gradient's norm; scalars on the device."""
        parts = self.parts
        windows = parts.sampler.next(parts.plan.batch, parts.processes.part_of(parts.plan.batch))
        chunks = torch.from_numpy(windows.chunks).to(parts.processes.device, non_blocking=True)
        scored = torch.from_numpy(windows.scored).to(parts.processes.device, non_blocking=True)
        nats = -(parts.trained(chunks) * scored.unsqueeze(-1)).sum()
        loss = nats / (BITS * windows.scored_in_batch)
        # Gradients are averaged over the processes, but the loss is a sum over them.
        (loss * parts.processes.count).backward()
        return loss.detach(), parts.optimizer.step(rate)

    def _check(self, loss: float, norm: float, rate: float) -> None:
        if not math.isfinite(loss):
            raise self._diverged(f"the loss is {loss}", rate)
        if not math.isfinite(norm):
            raise self._diverged(f"the gradient norm is {norm}", rate)
        if loss > _ABSURD_LOSS and loss > _GROWTH * self.lowest:
            raise self._diverged(f"the loss rose to {loss:.3g} nats a bit", rate)

    def _diverged(self, what: str, rate: float) -> SmugglerError:
        return self.parts.processes.common(DivergedError(self.step + 1, what, rate))

    def _agree(self, block: int) -> _Agreed:
        return self.parts.processes.from_first(self._decide(block))

    def _decide(self, block: int) -> _Agreed:
        parts, plan, now = self.parts, self.parts.plan, time.perf_counter()
        trained = plan.trainedSeconds + now - self.begun
        over = self.stopped or (plan.steps is not None and self.step >= plan.steps)
        over = over or (plan.seconds is not None and trained >= plan.seconds)
        # A block takes about as long as it is from one report to the next.
        step_seconds = self.seconds / max(1, len(self.losses))
        size = max(1, min(2 * block, int(parts.report_seconds / step_seconds))) if step_seconds > 0 else 1
        return _Agreed(
            over=over,
            measures=now - self.measured >= self.measure_pause,
            # By a hair too early rather than a whole block too late.
            reports=now - self.reported >= 0.9 * parts.report_seconds,
            saves=now - self.saved >= parts.save_seconds,
            block=size if plan.steps is None else max(1, min(size, plan.steps - self.step)),
            trained_seconds=trained,
        )

    def _measure(self, last: bool) -> float | None:
        begun = time.perf_counter()
        measured = self.parts.measure_held_out(last)
        self.measured = time.perf_counter()
        self.measure_pause = max(_MEASURE_SECONDS, (self.measured - begun) / _MEASURE_SHARE)
        if measured is not None:
            self.held_out = measured
        return measured

    def _remaining(self, elapsed: float) -> float | None:
        plan, made = self.parts.plan, self.step - self.parts.first_step
        ends = []
        if plan.steps is not None and made > 0:
            ends.append((plan.steps - self.step) * elapsed / made)
        if plan.seconds is not None:
            ends.append(max(0.0, plan.seconds - plan.trainedSeconds - elapsed))
        return min(ends, default=None)

    def _report(self, measured: float | None) -> None:
        """Tells the steps since the last report, where there are any."""
        if not self.losses:
            return
        plan, count = self.parts.plan, len(self.losses)
        loss = sum(self.losses) / count
        elapsed = time.perf_counter() - self.begun
        report = {
            "step": self.step,
            "steps": plan.steps,
            "loss": loss,
            "bitsPerByte": bits_per_byte(loss),
            "gradientNorm": self.norm,
            "learningRate": self.rate,
            "stepMilliseconds": 1000 * self.seconds / count,
            "chunksPerSecond": plan.batch * plan.context * count / self.seconds,
            "elapsedSeconds": elapsed,
            "remainingSeconds": self._remaining(elapsed),
        }
        self.parts.report(report if measured is None else {**report, "heldOutBitsPerByte": measured})
        self.losses, self.seconds = [], 0.0
        self.reported = time.perf_counter()
