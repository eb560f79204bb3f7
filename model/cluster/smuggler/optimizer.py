"""AdamW as the recipe has it: decay on tensors of two or more dimensions, the gradient clipped to a global norm first."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

#: β = (beta1, beta2), ε, the weight decay, and the norm that gradients are clipped to; the keys of a stored plan.
OPTIMIZER_KEYS = ("beta1", "beta2", "epsilon", "weightDecay", "clipNorm")


class ClippedAdamW:
    """An optimizer of a model's named parameters, whose moments can be read and set by name."""

    def __init__(self, model: nn.Module, recipe: Mapping[str, float]) -> None:
        self.parameters: dict[str, nn.Parameter] = dict(model.named_parameters())
        self.clip_norm = recipe["clipNorm"]
        decayed = [p for p in self.parameters.values() if p.dim() >= 2]
        others = [p for p in self.parameters.values() if p.dim() < 2]
        self.adamw = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": recipe["weightDecay"]},
                {"params": others, "weight_decay": 0.0},
            ],
            betas=(recipe["beta1"], recipe["beta2"]),
            eps=recipe["epsilon"],
            foreach=True,
        )

    def step(self, learning_rate: float) -> Tensor:
        """One update from the gradients, which are then gone. Returns their global norm before clipping, a scalar tensor."""
        norm = nn.utils.clip_grad_norm_(self.parameters.values(), self.clip_norm)
        for group in self.adamw.param_groups:
            group["lr"] = learning_rate
        self.adamw.step()
        self.adamw.zero_grad(set_to_none=True)
        return norm

    def moments(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """First and second moments by parameter; zeros before the first step."""
        first, second = {}, {}
        for name, parameter in self.parameters.items():
            state = self.adamw.state.get(parameter, {})
            first[name] = state.get("exp_avg", torch.zeros_like(parameter))
            second[name] = state.get("exp_avg_sq", torch.zeros_like(parameter))
        return first, second

    def restore(self, step: int, first: Mapping[str, Tensor], second: Mapping[str, Tensor]) -> None:
        """Goes on from the moments after `step` steps."""
        for name, parameter in self.parameters.items():
            self.adamw.state[parameter] = {
                "step": torch.tensor(float(step)),
                "exp_avg": first[name].to(parameter.device),
                "exp_avg_sq": second[name].to(parameter.device),
            }
