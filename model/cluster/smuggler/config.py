"""The model's configuration: `config.json` as it stands on disk, checked value by value."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from typing import Any

from .errors import SmugglerError
from .rules import AGGREGATIONS, BIT_DECODINGS, AggregationRule


#: Bounds of the rows of a table of n-grams: fewer would not tell them apart, of more the hashes are not exact in float32.
LEAST_NGRAM_ROWS = 16
MOST_NGRAM_ROWS = 1 << 15


@dataclasses.dataclass(frozen=True)
class ModelConfig:
    """A SMUGGLER configuration; the fields are the keys of `config.json`, in the order in which they are written."""

    architecture: str = "smuggler"
    chunk_bytes: int = 4
    #: D, the width at full resolution.
    embedding_dim: int = 64
    #: S, the number of down- and upsampling stages.
    stages: int = 2
    kernel_sizes: tuple[int, ...] = (3, 5, 7)
    bottleneck: str = "transformer"
    bottleneck_layers: int = 2
    attention_heads: int = 4
    #: K, branches of the dendritic bottleneck, and k, how many of them are kept.
    dendrite_branches: int = 8
    dendrite_active: int = 2
    #: M, voters a bit.
    voters_per_bit: int = 128
    #: An inverse temperature; None means 0.05·M.
    temperature: float | None = None
    temperature_learned: bool = False
    aggregation: str = "softmax"
    bit_decoding: str = "independent"
    #: T, the longest window in chunks.
    context_chunks: int = 64
    #: C, channels of the byte stage; None where there is none, and then the key is not written.
    byte_channels: int | None = None
    #: R, rows of each table of hashed byte n-grams that the byte stage hears; None where it hears the byte before alone.
    byte_ngram_rows: int | None = None

    @property
    def aggregation_rule(self) -> AggregationRule:
        return AGGREGATIONS[self.aggregation]

    @property
    def voters(self) -> int:
        """M as the head computes it: `dense` has one unit a bit."""
        return 1 if self.aggregation_rule.single else self.voters_per_bit

    @property
    def tau(self) -> float:
        """τ at the start of training, and always unless it is learned."""
        return 0.05 * self.voters_per_bit if self.temperature is None else float(self.temperature)

    @property
    def has_temperature(self) -> bool:
        return self.aggregation_rule.uses_temperature

    @property
    def learns_temperature(self) -> bool:
        return self.temperature_learned and self.has_temperature

    @property
    def is_chained(self) -> bool:
        return BIT_DECODINGS[self.bit_decoding].hears_earlier_bits

    @property
    def hidden_width(self) -> int:
        """Channels of the vectors that the voters read: D, or C with a byte stage."""
        return self.embedding_dim if self.byte_channels is None else self.byte_channels

    @property
    def vector_bits(self) -> int:
        """Consecutive bits whose voters read the same vector: a chunk's, or a byte's with a byte stage."""
        return 32 if self.byte_channels is None else 8

    @property
    def bottleneck_width(self) -> int:
        """2^S·D"""
        return self.embedding_dim * 2**self.stages

    def to_json(self) -> str:
        keys = dataclasses.asdict(self)
        for key in ("byte_channels", "byte_ngram_rows"):
            if keys[key] is None:
                del keys[key]
        return json.dumps(keys, indent=2, ensure_ascii=False) + "\n"


def _is_integer(value: Any, least: int) -> bool:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool) and value >= least


def _is_kernels(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= _MOST_KERNELS
        and all(_is_integer(k, 1) and k <= _MOST_KERNEL_SIZE and k % 2 == 1 for k in value)
        and all(a < b for a, b in zip(value, value[1:]))
    )


def _is_temperature(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value is None or (number and math.isfinite(value) and value >= 0)


def _is_ngram_rows(value: Any) -> bool:
    if not _is_integer(value, 0):
        return False
    rows = int(value)
    return rows == 0 or (LEAST_NGRAM_ROWS <= rows <= MOST_NGRAM_ROWS and rows & (rows - 1) == 0)


_MOST_KERNELS = 16
_MOST_KERNEL_SIZE = 255
#: Of the channels at any resolution.
_MOST_WIDTH = 65536
_KERNELS = f"a list of at most {_MOST_KERNELS} odd, ascending, positive integers of at most {_MOST_KERNEL_SIZE}"

Check = tuple[str, Callable[[Any], bool]]


def _integer(least: int, most: int) -> Check:
    expected = f"an integer of at least {least} and at most {most}"
    return expected, lambda value: _is_integer(value, least) and value <= most


def _one_of(*choices: Any) -> Check:
    # 1 == True in Python, but not in JSON.
    return (
        " or ".join(json.dumps(choice) for choice in choices),
        lambda value: any(
            value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in choices
        ),
    )


_CHECKS: dict[str, Check] = {
    "architecture": _one_of("smuggler"),
    "chunk_bytes": _one_of(4),
    "embedding_dim": _integer(1, _MOST_WIDTH),
    "stages": _integer(0, 16),
    "kernel_sizes": (_KERNELS, _is_kernels),
    "bottleneck": _one_of("transformer", "dendritic"),
    "bottleneck_layers": _integer(0, 1024),
    "attention_heads": _integer(1, _MOST_WIDTH),
    "dendrite_branches": _integer(1, 4096),
    "dendrite_active": _integer(1, 4096),
    "voters_per_bit": _integer(1, 65536),
    "temperature": ("null or a finite number of at least 0", _is_temperature),
    "temperature_learned": _one_of(True, False),
    "aggregation": _one_of(*AGGREGATIONS),
    "bit_decoding": _one_of(*BIT_DECODINGS),
    "context_chunks": _integer(1, 65536),
    "byte_channels": _integer(0, _MOST_WIDTH),
    "byte_ngram_rows": (f"0 or a power of two from {LEAST_NGRAM_ROWS} to {MOST_NGRAM_ROWS}", _is_ngram_rows),
}


def parse_config(text: str, source: str) -> ModelConfig:
    """Checks the text of a `config.json`; keys that are missing take their default.

    `source` names the file in the error. Raises SmugglerError naming source, key, found and expected.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SmugglerError(f"{source} is not JSON, expected an object of configuration keys.") from error
    if not isinstance(value, dict):
        raise SmugglerError(f"{source}: found {json.dumps(value)}, expected an object of configuration keys.")

    def fail(key: str, found: Any, expected: str) -> SmugglerError:
        return SmugglerError(f'{source}: "{key}" is {json.dumps(found)}, expected {expected}.')

    for key, found in value.items():
        if key not in _CHECKS:
            raise SmugglerError(f'{source}: unknown key "{key}", expected only {", ".join(_CHECKS)}.')
        expected, test = _CHECKS[key]
        if not test(found):
            raise fail(key, found, expected)
    config = ModelConfig(**{key: _as_field(key, found) for key, found in value.items()})
    width = config.bottleneck_width
    if width > _MOST_WIDTH:
        raise fail("stages", config.stages, f"a bottleneck's width 2^stages·embedding_dim of at most {_MOST_WIDTH}")
    if config.bottleneck == "transformer" and width % config.attention_heads != 0:
        raise fail("attention_heads", config.attention_heads, f"a divisor of the bottleneck's width {width}")
    if config.dendrite_active > config.dendrite_branches:
        expected = f"at most dendrite_branches, {config.dendrite_branches}"
        raise fail("dendrite_active", config.dendrite_active, expected)
    for key, channels in (("embedding_dim", config.embedding_dim), ("byte_channels", config.byte_channels)):
        if channels is not None and len(config.kernel_sizes) > channels:
            raise fail("kernel_sizes", list(config.kernel_sizes), f"at most {key}, {channels}, kernels")
    if config.byte_ngram_rows is not None and config.byte_channels is None:
        expected = "0 where there is no byte stage (byte_channels)"
        raise fail("byte_ngram_rows", config.byte_ngram_rows, expected)
    if config.temperature_learned and config.tau <= 0:
        raise fail("temperature", config.temperature, "a number above 0, since it is learned as its logarithm")
    return config


def _as_field(key: str, value: Any) -> Any:
    if key == "kernel_sizes":
        return tuple(int(k) for k in value)
    if key in ("byte_channels", "byte_ngram_rows") and value == 0:
        return None
    return int(value) if isinstance(value, float) and key != "temperature" else value
