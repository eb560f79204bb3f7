"""What a training run will do: settled once, stored beside the weights, and read back to resume, here or in the editor."""

from __future__ import annotations

import dataclasses
import math
import os
from typing import Any

from .errors import SmugglerError
from .optimizer import ADAMW_KEYS, MUON_KEYS

#: The recipe of the editor's preset `default`.
DEFAULT_BATCH = 16
DEFAULT_LEARNING_RATE = 1e-2
DEFAULT_OPTIMIZER = {
    "beta1": 0.9,
    "beta2": 0.99,
    "epsilon": 1e-8,
    "weightDecay": 0.01,
    "clipNorm": 0.25,
    "muon": {"momentum": 0.85, "scale": 0.1},
    "ngramRate": 3,
}
HELD_OUT_SHARE = 0.05

_WARMUP_STEPS = 100
_WARMUP_SHARE = 0.05
#: The first rate as a share of the peak, so that no step is without effect.
_FIRST_SHARE = 0.01
_FLOOR = 0.1


def create_schedule(peak: float, steps: int | None) -> dict[str, float]:
    """The schedule of a run: warm-up for 5 % of it and at most 100 steps, then half a cosine down to a tenth."""
    warmup = _WARMUP_SHARE if steps is None else min(_WARMUP_SHARE, _WARMUP_STEPS / steps)
    return {"peak": peak, "warmup": warmup, "floor": _FLOOR}


def learning_rate_at(schedule: dict[str, float], progress: float) -> float:
    """The rate at a point of the run; `progress` is the share that is done once the step about to be made is made."""
    done = min(1.0, max(0.0, progress))
    peak, warmup, floor = schedule["peak"], schedule["warmup"], schedule["floor"]
    if done < warmup:
        return peak * max(_FIRST_SHARE, done / warmup)
    decay = (done - warmup) / (1 - warmup) if warmup < 1 else 1.0
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * decay)))


@dataclasses.dataclass(frozen=True)
class Plan:
    """A settled run; the fields are the keys under which it is stored."""

    text: list[str]
    exclude: list[str]
    maxFileBytes: int
    heldOutShare: float
    #: SHA-256 of the text that was trained on and held out; empty until it is read.
    corpus: str
    seed: int
    #: Windows a step, over all processes.
    batch: int
    #: T, chunks a window.
    context: int
    #: Steps and seconds in all; the run ends at whichever comes first, and at least one is set.
    steps: int | None
    seconds: float | None
    schedule: dict[str, float]
    #: AdamW's constants, and Muon's where it moves the matrices inside the processor.
    optimizer: dict[str, Any]
    #: Seconds trained up to the save that holds this.
    trainedSeconds: float
    #: What a newer editor stored besides; it is kept.
    others: dict[str, Any] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        stored = dataclasses.asdict(self)
        others = stored.pop("others")
        return {**stored, **others}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_numbers(*keys: str) -> Any:
    return lambda value: isinstance(value, dict) and set(value) == set(keys) and all(map(_is_number, value.values()))


def _is_optimizer(value: Any) -> bool:
    """Nothing but what is known: an optimizer with more to it would go on as another one."""
    if not isinstance(value, dict):
        return False
    adamw = {key: number for key, number in value.items() if key not in ("muon", "ngramRate")}
    return (
        _is_numbers(*ADAMW_KEYS)(adamw)
        and ("muon" not in value or _is_numbers(*MUON_KEYS)(value["muon"]))
        and _is_number(value.get("ngramRate", 1))
    )


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


_TESTS: dict[str, Any] = {
    "text": _is_strings,
    "exclude": _is_strings,
    "maxFileBytes": _is_number,
    "heldOutShare": _is_number,
    "corpus": lambda value: isinstance(value, str),
    "seed": lambda value: type(value) is int,
    "batch": lambda value: type(value) is int,
    "context": lambda value: type(value) is int,
    "steps": lambda value: value is None or type(value) is int,
    "seconds": lambda value: value is None or _is_number(value),
    "schedule": _is_numbers("peak", "warmup", "floor"),
    "optimizer": _is_optimizer,
    "trainedSeconds": _is_number,
}


def parse_plan(stored: dict[str, Any], folder: str) -> Plan:
    """Checks a plan read back from a model folder. Raises SmugglerError naming the first key that is not usable."""
    for key, test in _TESTS.items():
        if not test(stored.get(key)):
            raise SmugglerError(
                f'{folder}: the stored training state has no usable "{key}", so training cannot be resumed here; start a new run '
                "with these weights (--init)."
            )
    others = {key: value for key, value in stored.items() if key not in _TESTS}
    return Plan(**{key: stored[key] for key in _TESTS}, others=others)


def resume_plan(
    stored: Plan, folder: str, text: list[str], steps: int | None, seconds: float | None, fixed: dict[str, Any]
) -> Plan:
    """The plan of a run that goes on.

    Text and length may be given anew; what is in `fixed` (by the words for it, None where it is not given) may be repeated but
    not changed, and everything else is as it was.
    """
    was = {"batch": stored.batch, "context": stored.context, "learning rate": stored.schedule["peak"]}
    for name, asked in fixed.items():
        if asked is not None and asked != was[name]:
            raise SmugglerError(
                f"{folder} was trained with {name} {was[name]}, which cannot become {asked} when training is resumed."
            )
    plan = dataclasses.replace(stored, text=[os.path.abspath(path) for path in text]) if text else stored
    if steps is None and seconds is None:
        return plan
    schedule = create_schedule(stored.schedule["peak"], steps)
    return dataclasses.replace(plan, steps=steps, seconds=seconds, schedule=schedule)
