"""Training a model folder from text, in every process of a run."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from .config import ModelConfig
from .corpus import Corpus, Split, corpus_fingerprint, read_corpus, split_corpus
from .errors import SmugglerError
from .evaluate import evaluate, sample_files
from .folder import (
    ModelFolder,
    TrainingState,
    checked,
    read_model,
    read_training_state,
    save_checkpoint,
)
from .generator import Generator
from .initialize import initialize
from .lock import folder_lock
from .loop import DivergedError, Loop, LoopParts, LoopResult, StopSignal
from .network import Smuggler
from .optimizer import Optimizer
from .plan import Plan
from .processes import Processes
from .sampler import WindowSampler, bit_rates
from .training_log import append_report, drop_reports_after

#: Bytes of held-out text measured in between, and at the end.
_QUICK_BYTES = 32 * 1024
_FINAL_BYTES = 64 * 1024


@dataclasses.dataclass(frozen=True)
class Start:
    """Where a run begins: fresh (perhaps from given weights), or where a save left off."""

    plan: Plan
    config: ModelConfig
    tensors: dict[str, Any] | None
    state: TrainingState | None


@dataclasses.dataclass(frozen=True)
class RunOptions:
    #: Absolute path of the model folder.
    out: str
    #: Whether the processor computes in bfloat16.
    half: bool
    report_seconds: float
    save_seconds: float
    #: Told in the first process alone: what was read, reports, and sentences that a user should read.
    on_corpus: Callable[[Corpus, Split], None]
    on_report: Callable[[dict[str, Any]], None]
    on_note: Callable[[str], None]


def require_free_folder(folder: str) -> None:
    """Checks that a folder can take a new model; hidden files are no one's."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise SmugglerError(f"{folder} cannot take a model: {(error.strerror or '').lower()}.") from error
    if any(not name.startswith(".") for name in names):
        raise SmugglerError(
            f"{folder} is not empty; choose another folder for the new model, or resume its training (--resume)."
        )


def shapes_of(model: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}


def read_weights(folder: str) -> tuple[ModelFolder, dict[str, Any]]:
    """A model folder, and its tensors checked against its configuration."""
    model = read_model(folder)
    shapes = shapes_of(Smuggler(model.config))
    return model, checked(model.tensors, shapes, os.path.join(folder, "model.safetensors"))


def read_start(folder: str, resumed: Callable[[dict[str, Any]], Plan]) -> Start:
    """Where the save in a folder left off; `resumed` makes the plan from the stored one."""
    if not os.path.exists(folder):
        raise SmugglerError(f"{folder} does not exist, so there is no training to resume in it.")
    model, tensors = read_weights(folder)
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    state = read_training_state(folder, model, shapes)
    plan = resumed(state.schedule)
    by_steps = plan.steps is not None and state.step >= plan.steps
    if by_steps or (plan.seconds is not None and plan.trainedSeconds >= plan.seconds):
        raise SmugglerError(
            f"{folder} has already been trained to its end, {state.step} steps; ask for more steps or seconds in all to go on."
        )
    return Start(plan, model.config, tensors, state)


def train(begin: Callable[[], Start], resumes: bool, options: RunOptions, processes: Processes) -> LoopResult:
    """Trains and saves a model folder.

    The folder holds a loadable model from before the first step on. With `resumes` everything goes on as if the run had never
    stopped, whoever began it. `begin` reads where the run starts; the first process alone does so.
    """
    with contextlib.ExitStack() as stack:

        def first() -> Start:
            if resumes:
                stack.enter_context(folder_lock(options.out))
            return begin()

        start = processes.first_does(first)
        split = processes.agree(lambda: _read_text(start.plan, options, processes))
        plan = _with_fingerprint(start.plan, split, options, processes)
        if plan.batch < processes.count:
            small = f"A batch of {plan.batch} windows is too small for {processes.count} processes; start fewer."
            raise processes.common(SmugglerError(small))
        if not resumes:
            # The folder is made by its lock: not before there is something to train on.
            processes.first_does(lambda: stack.enter_context(_lock_free_folder(options.out)))
        run = processes.agree(lambda: _Run(dataclasses.replace(start, plan=plan), split, options, processes))
        return run.to_end(resumes)


@contextlib.contextmanager
def _lock_free_folder(folder: str) -> Iterator[None]:
    with folder_lock(folder):
        # While the text was read, another program may have trained a model there, to its end.
        require_free_folder(folder)
        yield


def _read_text(plan: Plan, options: RunOptions, processes: Processes) -> Split:
    corpus = read_corpus(plan.text, plan.exclude, int(plan.maxFileBytes))
    split = split_corpus(corpus, plan.heldOutShare, plan.seed)
    if processes.is_first:
        options.on_corpus(corpus, split)
    if not split.train:
        raise SmugglerError(f"There is no text to train on in {', '.join(plan.text)}.")
    return split


def _with_fingerprint(plan: Plan, split: Split, options: RunOptions, processes: Processes) -> Plan:
    found = corpus_fingerprint([*split.train, *split.held_out])
    if len(set(processes.gather(found))) > 1:
        unlike = "The machines do not read the same text; give every one the same files under the same paths."
        raise processes.common(SmugglerError(unlike))
    if plan.corpus not in ("", found) and processes.is_first:
        options.on_note(
            "The text has changed since the last save: training goes on with the text as it is now, and will differ from a run "
            "that was never stopped."
        )
    return dataclasses.replace(plan, corpus=found)


class _Run:
    """A run in one process, from its first step to its end."""

    def __init__(self, start: Start, split: Split, options: RunOptions, processes: Processes) -> None:
        self.plan = start.plan
        self.options = options
        self.processes = processes
        self.held_out = split.held_out
        self.first_step = start.state.step if start.state else 0
        generator = Generator.from_words(start.state.words) if start.state else Generator.from_seed(self.plan.seed)
        self.model = Smuggler(start.config, options.half)
        if start.tensors is None:
            initialize(self.model, bit_rates(split.train), generator)
        else:
            self.model.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in start.tensors.items()})
        self.model.to(processes.device)
        self.optimizer = Optimizer(self.model, self.plan.optimizer)
        if start.state:
            first, second = (
                {name: torch.from_numpy(moment) for name, moment in moments.items()}
                for moments in (start.state.first_moments, start.state.second_moments)
            )
            self.optimizer.restore(start.state.step, first, second)
        self.sampler = WindowSampler(split.train, self.plan.context, generator)

    def to_end(self, resumes: bool) -> LoopResult:
        processes, options = self.processes, self.options
        trained: nn.Module = self.model
        if processes.count > 1:
            devices = [processes.device] if processes.device.type == "cuda" else None
            trained = nn.parallel.DistributedDataParallel(
                self.model, device_ids=devices, broadcast_buffers=False, gradient_as_bucket_view=True
            )
        if not resumes:
            self._save(0, 0.0)
        processes.first_does(lambda: drop_reports_after(options.out, self.first_step))
        loop = Loop(
            LoopParts(
                plan=self.plan,
                model=self.model,
                trained=trained,
                optimizer=self.optimizer,
                sampler=self.sampler,
                processes=processes,
                stop=StopSignal(),
                first_step=self.first_step,
                report_seconds=options.report_seconds,
                save_seconds=options.save_seconds,
                measure_held_out=self._measure,
                save=self._save,
                report=self._report,
            )
        )
        try:
            result = loop.run()
        except DivergedError as error:
            self._log_end(error.step, "diverged", str(error))
            raise
        except SmugglerError as error:
            self._log_end(loop.step, "failed", str(error))
            raise
        ended = "was stopped" if result.stopped else "has finished"
        self._log_end(
            result.step, "stopped" if result.stopped else "finished", f"Training {ended} at step {result.step}."
        )
        return result

    def _log_end(self, step: int, end: str, message: str) -> None:
        # The log may be what has failed: then the error alone says so.
        with contextlib.suppress(SmugglerError):
            if self.processes.is_first:
                append_report(self.options.out, {"step": step, "end": end, "message": message})

    def _measure(self, last: bool) -> float | None:
        sample = sample_files(self.held_out, _FINAL_BYTES if last else _QUICK_BYTES)
        return evaluate(self.model, sample, self.processes)

    def _save(self, step: int, trained_seconds: float) -> None:
        self.processes.first_does(lambda: self._write(step, trained_seconds))

    def _write(self, step: int, trained_seconds: float) -> None:
        weights, (first, second) = dict(self.model.named_parameters()), self.optimizer.moments()
        tensors, firsts, seconds = (
            {name: tensor.detach().cpu().numpy() for name, tensor in named.items()}
            for named in (weights, first, second)
        )
        schedule = dataclasses.replace(self.plan, trainedSeconds=trained_seconds).to_json()
        state = TrainingState(step, firsts, seconds, self.sampler.generator.words(), schedule)
        save_checkpoint(self.options.out, self.model.config, tensors, state)

    def _report(self, report: dict[str, Any]) -> None:
        def write() -> None:
            append_report(self.options.out, report)
            self.options.on_report(report)

        self.processes.first_does(write)
