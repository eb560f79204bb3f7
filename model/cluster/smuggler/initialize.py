"""The parameters a model starts training from: the editor's own rule, so that a seed gives the same model in both."""

from __future__ import annotations

import math
import re

import numpy as np
import torch

from .config import ModelConfig
from .generator import Generator
from .network import Smuggler, bit_chain_mask

#: Standard deviation of a voter's first weight on a bit before it.
_CHAIN_DEVIATION = 0.4
#: Of the first rows of n-grams: they are added to the byte's row, and begin small beside it.
_NGRAM_DEVIATION = 0.1


def score_deviation(config: ModelConfig) -> float:
    """Standard deviation of the initial scores around their bias: near √(0.48/τ)."""
    return config.aggregation_rule.score_deviation(config.voters, config.tau)


def initialize(model: Smuggler, bit_rates: np.ndarray, generator: Generator) -> None:
    """Draws a model's first parameters, in the order of their names.

    Weights N(0, 1/fan-in), a bottleneck's residual projections smaller by 1/√(number of sums), biases 0, LayerNorm 1 and 0; the
    head as `score_deviation` says with logit(rate) as every voter's bias; n-grams as _NGRAM_DEVIATION says.
    bit_rates: [32] share of ones of each bit in the training text, clipped to 0.02 … 0.98.
    """
    config = model.config
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            value = _first_value(name, tuple(parameter.shape), config, bit_rates, generator)
            parameter.copy_(torch.from_numpy(value.astype(np.float32)))


def _first_value(
    name: str, shape: tuple[int, ...], config: ModelConfig, bit_rates: np.ndarray, generator: Generator
) -> np.ndarray:
    if name == "output_projection.bias":
        rates = np.clip(bit_rates.astype(np.float64), 0.02, 0.98)
        return np.repeat(np.log(rates / (1 - rates)), config.voters)
    if name == "log_temperature":
        return np.full(shape, math.log(config.tau))
    if re.search(r"(^|[._])norm\d?\.weight$", name):
        return np.ones(shape)
    if name == "bit_chain.weight":
        value = np.zeros(shape)
        mask = bit_chain_mask(config).numpy()
        value[mask] = _CHAIN_DEVIATION * generator.normals(int(mask.sum()))
        return value
    if name.endswith(".bias"):
        return np.zeros(shape)
    deviation = _NGRAM_DEVIATION if name == "byte_stage.ngrams.weight" else 1 / math.sqrt(_fan_in(name, shape))
    if name == "output_projection.weight":
        deviation *= score_deviation(config)
    sums = _residual_sums(name)
    if sums > 0:
        deviation /= math.sqrt(sums * config.bottleneck_layers)
    return deviation * generator.normals(math.prod(shape)).reshape(shape)


def _fan_in(name: str, shape: tuple[int, ...]) -> int:
    """Inputs that one output sums over; of a transposed convolution [in, out, k] each output sees one tap, of an embedding one row."""
    if name == "byte_stage.embedding.weight":
        return 1
    return shape[0] if name.endswith(".upsample.weight") else math.prod(shape[1:])


def _residual_sums(name: str) -> int:
    """How many sums into the residual stream of its block a projection belongs to, 0 where it is no such projection."""
    if name.endswith((".attention.out.weight", ".feed_forward.contract.weight")):
        return 2
    return 1 if re.search(r"\.bottleneck\.blocks\.\d+\.out\.weight$", name) else 0
