"""The voters: how the scores of a bit's voters become weights, and the likelihood of the real bit."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .rules import AggregationRule

#: From this score on 1 + e^(−z) is 1 to the last digit of a float64, and so is every vote: such voters are equal.
_SATURATION = 53 * math.log(2)
#: Scores that a CPU works on at a time, so that all passes over them find them in its cache.
_CACHED_SCORES = 128 * 1024


def log_weights(rule: AggregationRule, scores: Tensor, tau: Tensor | float) -> Tensor:
    """ln w of every voter.

    scores: [..., M] z. tau: a number, or a tensor that broadcasts against the scores. Returns [..., M]; where `max` gives a
    voter no weight, −∞.
    """
    if rule.weighting == "softmax":
        return F.log_softmax(tau * _heard(rule, scores), -1)
    if rule.weighting == "largest":
        bounded = scores.clamp(max=_SATURATION)
        largest = (bounded == bounded.amax(-1, keepdim=True)).to(scores.dtype)
        return (largest / largest.sum(-1, keepdim=True)).log()
    if rule.weighting == "equal":
        return torch.full_like(scores, -math.log(scores.shape[-1]))
    raise ValueError(f"No weights for {rule.weighting}.")


def _heard(rule: AggregationRule, scores: Tensor) -> Tensor:
    """What a softmax hears of each voter: its vote, or max(v, 1 − v) = σ(|z|)."""
    return torch.sigmoid(scores.abs() if rule.hears_confidence else scores)


def log_likelihood(rule: AggregationRule, scores: Tensor, signs: Tensor, tau: Tensor | float) -> Tensor:
    """ln of the probability of the real bits, from the scores and never from p, so that it is exact at any score.

    With s = ±1 the real bit: ln q = LSE_i(ln w_i + ln σ(s·z_i)).
    scores: [..., bits, M]. signs: [..., bits] the real bits as ±1. tau: a number, or [bits, 1]. Returns [..., bits].
    """
    bits, voters = scores.shape[-2:]
    column = torch.as_tensor(tau, dtype=scores.dtype, device=scores.device).expand(bits, 1)
    rows = _LogLikelihood.apply(scores.reshape(-1, bits, voters), signs.reshape(-1, bits, 1), column, rule)
    return rows.view(signs.shape)


class _LogLikelihood(torch.autograd.Function):
    """The likelihood with its gradient, found in one go and kept in place of all that lies between.

    With a = ln w but for a constant, u = σ(s·z) and r = w·u/q a voter's share of the likelihood:
    ∂ln q/∂z = s·r·(1 − u) + (r − w)·∂a/∂z and ∂ln q/∂τ = Σ (r − w)·a/τ.
    """

    @staticmethod
    def forward(ctx: Any, scores: Tensor, signs: Tensor, tau: Tensor, rule: AggregationRule) -> Tensor:
        """scores: [N, bits, M]. signs: [N, bits, 1]. tau: [bits, 1]. Returns [N, bits]."""
        learns, learns_tau = ctx.needs_input_grad[0], ctx.needs_input_grad[2]
        result = torch.empty_like(signs)
        by_score = torch.empty_like(scores) if learns else None
        by_tau = torch.empty_like(signs) if learns_tau else None
        size = len(scores) if scores.is_cuda else max(1, _CACHED_SCORES // scores[0].numel())
        for start in range(0, len(scores), size):
            part = slice(start, start + size)
            z, s = scores[part], signs[part]
            signed = z * s
            u = torch.sigmoid(signed)
            # Several times faster than logsigmoid, and as exact: from −40 on ln σ(x) is x to the last digit of a float64.
            log_u = torch.where(signed < -40, signed, u.log())
            log_w = log_weights(rule, z, tau)
            log_share = log_w + log_u
            result[part] = log_q = torch.logsumexp(log_share, -1, keepdim=True)
            if by_score is None:
                continue
            share = log_share.sub_(log_q).exp_()
            complement = torch.sigmoid(signed.neg_())
            gradient = torch.mul(share, s, out=by_score[part]).mul_(complement)
            if rule.weighting == "softmax":
                difference = share.sub_(log_w.exp_())
                # ∂a/∂z = τ·v(1 − v), where confidence is heard with the sign of z.
                slope = u.mul(complement).mul_(tau)
                if rule.hears_confidence:
                    slope.mul_(z.sign())
                if by_tau is not None:
                    by_tau[part] = (difference * _heard(rule, z)).sum(-1, keepdim=True)
                gradient.addcmul_(difference, slope)
        ctx.save_for_backward(by_score, by_tau)
        return result.squeeze(-1)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, None, Tensor | None, None]:
        by_score, by_tau = ctx.saved_tensors
        grad = grad.unsqueeze(-1)
        scores = None if by_score is None else by_score * grad
        return scores, None, None if by_tau is None else (by_tau * grad).sum(0), None
