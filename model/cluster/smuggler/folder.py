"""A model on disk: `config.json`, `model.safetensors`, and `optimizer.safetensors` with the state to train on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from .config import ModelConfig, parse_config
from .errors import SmugglerError
from .safetensors import Safetensors, decode_safetensors, encode_safetensors
from .transaction import file_error, finish_replacement, replace_files

_CONFIG = "config.json"
_MODEL = "model.safetensors"
_OPTIMIZER = "optimizer.safetensors"
_FIRST = "first_moment."
_SECOND = "second_moment."

#: float32 values by parameter name.
Arrays = Mapping[str, np.ndarray]
Shapes = Mapping[str, tuple[int, ...]]


@dataclasses.dataclass(frozen=True)
class ModelFolder:
    config: ModelConfig
    tensors: Arrays
    #: First 12 hex digits of the SHA-256 of `model.safetensors`.
    checkpoint: str
    #: Steps trained, None where the file does not say.
    steps: int | None


@dataclasses.dataclass(frozen=True)
class TrainingState:
    """What training needs beside the weights to go on as if it had never stopped."""

    step: int
    first_moments: Arrays
    second_moments: Arrays
    #: The sampler's generator.
    words: list[int]
    #: The plan, plain JSON.
    schedule: dict[str, Any]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as opened:
            return opened.read()
    except FileNotFoundError as error:
        expected = f"expected a model folder with {_CONFIG} and {_MODEL}"
        raise SmugglerError(f"{path}: the file is missing, {expected}.") from error
    except OSError as error:
        raise file_error(error, "read", path) from error


def read_config(path: str) -> ModelConfig:
    """Reads a `config.json`."""
    return parse_config(_read(path).decode("utf-8", "replace"), path)


def read_model(folder: str) -> ModelFolder:
    """Reads a model folder; an interrupted save in it is finished first.

    Whether its tensors are those of the configuration, `checked` says.
    """
    finish_replacement(folder)
    config = read_config(os.path.join(folder, _CONFIG))
    path = os.path.join(folder, _MODEL)
    data = _read(path)
    file = decode_safetensors(data, path)
    return ModelFolder(config, file.tensors, _checkpoint(data), _steps(file, path))


def _checkpoint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _steps(file: Safetensors, path: str) -> int | None:
    text = file.metadata.get("steps")
    if text is not None and not text.isdecimal():
        raise SmugglerError(f'{path}: metadata "steps" is {json.dumps(text)}, expected a non-negative integer.')
    return None if text is None else int(text)


def checked(tensors: Arrays, shapes: Shapes, source: str) -> dict[str, np.ndarray]:
    """Tensors of a file as float32 parameters, in the order of `shapes`: nothing missing, nothing extra, all finite."""

    def fail(name: str, found: str, expected: str) -> SmugglerError:
        return SmugglerError(f'{source}: tensor "{name}" {found}, expected {expected}.')

    for name, shape in shapes.items():
        tensor = tensors.get(name)
        if tensor is None:
            raise fail(name, "is missing", str(list(shape)))
        if tensor.shape != shape:
            raise fail(name, f"has shape {list(tensor.shape)}", f"{list(shape)} by the configuration")
        if tensor.dtype.kind != "f" or tensor.dtype.itemsize > 4:
            raise fail(name, f"has type {tensor.dtype}", "float32 or float16")
        if not np.isfinite(tensor).all():
            raise fail(name, "holds a value that is not finite", "only finite numbers")
    for name, tensor in tensors.items():
        if name not in shapes:
            raise fail(name, f"({list(tensor.shape)}) is extra", "only the parameters of the configuration")
    return {name: tensors[name].astype(np.float32) for name in shapes}


def read_training_state(folder: str, model: ModelFolder, shapes: Shapes) -> TrainingState:
    """Reads the training state that belongs to a model that was read from the same folder."""
    path = os.path.join(folder, _OPTIMIZER)
    file = decode_safetensors(_read(path), path)

    def fail(key: str, expected: str) -> SmugglerError:
        found = file.metadata.get(key, "missing")
        return SmugglerError(f'{path}: metadata "{key}" is {found}, expected {expected}.')

    def parsed(key: str) -> Any:
        try:
            return json.loads(file.metadata.get(key, ""))
        except ValueError as error:
            raise fail(key, "JSON") from error

    both = {prefix + name: shape for prefix in (_FIRST, _SECOND) for name, shape in shapes.items()}
    moments = checked(file.tensors, both, path)
    step, sampler, schedule = parsed("step"), parsed("sampler"), parsed("schedule")
    if type(step) is not int or step < 0:
        raise fail("step", "a non-negative integer")
    if model.steps is not None and step != model.steps:
        raise fail("step", f"{model.steps}, the step of the model beside it")
    if file.metadata.get("checkpoint", model.checkpoint) != model.checkpoint:
        raise fail(
            "checkpoint", f"{model.checkpoint}, the model beside it; that one was replaced since this state was saved"
        )
    if not isinstance(sampler, dict) or not isinstance(sampler.get("words"), list):
        raise fail("sampler", 'the state of a generator, {"words": [four 32-bit integers]}')
    if not isinstance(schedule, dict):
        raise fail("schedule", "a JSON object")
    return TrainingState(
        step,
        {name: moments[_FIRST + name] for name in shapes},
        {name: moments[_SECOND + name] for name in shapes},
        sampler["words"],
        schedule,
    )


def save_checkpoint(folder: str, config: ModelConfig, tensors: Arrays, state: TrainingState) -> None:
    """Saves a model (float32) and its training state as one transaction.

    A kill at any moment leaves the old pair or the new one. Raises SmugglerError; the last good save then still stands.
    """
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            path = os.path.join(folder, _MODEL)
            raise SmugglerError(
                f'{path}: tensor "{name}" holds a value that is not finite, expected only finite numbers; it was not saved.'
            )
    model = encode_safetensors(tensors, {"steps": str(state.step)})
    first = {_FIRST + name: tensor for name, tensor in state.first_moments.items()}
    second = {_SECOND + name: tensor for name, tensor in state.second_moments.items()}
    metadata = {
        "step": str(state.step),
        "sampler": json.dumps({"words": state.words}),
        "schedule": json.dumps(state.schedule, ensure_ascii=False),
        "checkpoint": _checkpoint(model),
    }
    files = {_CONFIG: config.to_json().encode(), _MODEL: model}
    replace_files(folder, {**files, _OPTIMIZER: encode_safetensors({**first, **second}, metadata)})
