"""The recipe's optimizer: gradients clipped to a global norm, then AdamW, and Muon inside the processor where it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .muon import Muon

#: β = (beta1, beta2), ε, the weight decay, and the norm that gradients are clipped to; the keys of a stored plan.
ADAMW_KEYS = ("beta1", "beta2", "epsilon", "weightDecay", "clipNorm")
#: μ, and the root mean square of a step's elements as a share of the learning rate; the keys of `muon` in a stored plan.
MUON_KEYS = ("momentum", "scale")
#: The tables of n-grams, whose steps are `ngramRate` times those of AdamW where a plan has it.
NGRAM_TABLES = "byte_stage.ngrams.weight"


class Optimizer:
    """The optimizer of a model's named parameters, whose moments can be read and set by name. Tensors of two or more dimensions
    decay.
    """

    def __init__(self, model: nn.Module, recipe: Mapping[str, Any]) -> None:
        """`recipe` has the keys of AdamW, `muon` with its own where Muon moves the matrices inside the processor, and `ngramRate`
        where tables of n-grams have a rate of their own.
        """
        self.parameters: dict[str, nn.Parameter] = dict(model.named_parameters())
        self.clip_norm = recipe["clipNorm"]
        muon = recipe.get("muon")
        self.muon = None if muon is None else Muon(self.parameters, **muon, weight_decay=recipe["weightDecay"])
        ngram_rate = recipe.get("ngramRate", 1.0)
        rest = {name: p for name, p in self.parameters.items() if self.muon is None or name not in self.muon.names}
        tables = [rest.pop(NGRAM_TABLES)] if NGRAM_TABLES in rest else []
        self.adamw = torch.optim.AdamW(
            [
                {"params": [p for p in rest.values() if p.dim() >= 2], "weight_decay": recipe["weightDecay"], "scale": 1.0},
                {"params": [p for p in rest.values() if p.dim() < 2], "weight_decay": 0.0, "scale": 1.0},
                # Only the step is scaled: what decays does so as everything else.
                {"params": tables, "weight_decay": recipe["weightDecay"] / ngram_rate, "scale": ngram_rate},
            ],
            betas=(recipe["beta1"], recipe["beta2"]),
            eps=recipe["epsilon"],
            foreach=True,
        )

    def step(self, learning_rate: float) -> Tensor:
        """One update from the gradients, which are then gone. Returns their global norm before clipping, a scalar tensor."""
        norm = nn.utils.clip_grad_norm_(self.parameters.values(), self.clip_norm)
        for group in self.adamw.param_groups:
            group["lr"] = learning_rate * group["scale"]
        self.adamw.step()
        if self.muon is not None:
            self.muon.step(learning_rate)
        for parameter in self.parameters.values():
            parameter.grad = None
        return norm

    def moments(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """First and second moments by parameter; zeros before the first step, and where Muon has no second one."""
        first, second = {}, {}
        for name, parameter in self.parameters.items():
            state = self.adamw.state.get(parameter, {})
            first[name] = state.get("exp_avg", torch.zeros_like(parameter))
            second[name] = state.get("exp_avg_sq", torch.zeros_like(parameter))
        return {**first, **(self.muon.moments if self.muon else {})}, second

    def restore(self, step: int, first: Mapping[str, Tensor], second: Mapping[str, Tensor]) -> None:
        """Goes on from the moments after `step` steps."""
        muons = self.muon.names if self.muon else set()
        for name, parameter in self.parameters.items():
            if name not in muons:
                self.adamw.state[parameter] = {
                    "step": torch.tensor(float(step)),
                    "exp_avg": first[name].to(parameter.device),
                    "exp_avg_sq": second[name].to(parameter.device),
                }
        if self.muon:
            self.muon.restore((name, first[name]) for name in muons)
