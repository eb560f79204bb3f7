"""The aggregations and bit decodings of SPEC section 4, one row each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

#: No score starts wider than this, however small τ is.
_WIDEST_SCORES = 1.5
#: A single unit has no other voters that average its first guess.
_DENSE_SCORES = 0.25


@dataclass(frozen=True)
class AggregationRule:
    """Everything that sets an aggregation apart from the others."""

    #: How votes become weights: `softmax` of τ times what is heard, shared equally by the `largest`, or `equal`.
    weighting: str
    #: Standard deviation of the first scores around their bias, for M voters and the configuration's τ.
    score_deviation: Callable[[int, float], float]
    #: With `softmax`: whether max(v, 1 − v) = σ(|z|) is heard of a voter, not its vote.
    hears_confidence: bool = False
    #: Whether there is one unit per bit, whatever the configuration's M.
    single: bool = False

    @property
    def uses_temperature(self) -> bool:
        return self.weighting == "softmax"


def _softmax_deviation(_voters: int, tau: float) -> float:
    """√(0.48/τ) keeps the first p within 0.03 of σ(bias), since p ≈ σ(b) + τ·Var(v)."""
    return min(_WIDEST_SCORES, math.sqrt(0.48 / tau)) if tau > 0 else _WIDEST_SCORES


def _largest_deviation(voters: int, tau: float) -> float:
    """The largest of M scores stands about σ·√(2 ln M) above the bias; the same 0.03 bounds that."""
    if voters == 1:
        return _softmax_deviation(voters, tau)
    return min(_WIDEST_SCORES, 0.12 / math.sqrt(2 * math.log(voters)))


AGGREGATIONS = {
    "softmax": AggregationRule("softmax", _softmax_deviation),
    "confidence": AggregationRule("softmax", _softmax_deviation, hears_confidence=True),
    "mean": AggregationRule("equal", _softmax_deviation),
    "max": AggregationRule("largest", _largest_deviation),
    "dense": AggregationRule("equal", lambda _voters, _tau: _DENSE_SCORES, single=True),
}


@dataclass(frozen=True)
class BitDecodingRule:
    """Everything that sets a bit decoding apart from the others."""

    #: Whether a voter hears, beside h, the bits before its own.
    hears_earlier_bits: bool


BIT_DECODINGS = {
    "independent": BitDecodingRule(hears_earlier_bits=False),
    "chained": BitDecodingRule(hears_earlier_bits=True),
}
