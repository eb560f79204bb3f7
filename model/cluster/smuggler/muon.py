"""Muon for the matrices inside processor and byte stage, joined and cut into blocks as the editor's engine has them."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

_MOST_ROWS = 64
_LEAST_ROWS = 16
#: Coefficients of Newton and Schulz's quintic iteration, which takes singular values of 0.01 to 1 near 1 in five rounds.
_LINEAR, _CUBIC, _QUINTIC = 3.4445, -4.775, 2.0315
_ROUNDS = 5


@dataclasses.dataclass(frozen=True)
class _Piece:
    """A parameter, or one tap of a convolution's, as a matrix from inputs (rows) to outputs."""

    parameter: str
    tap: int | None = None
    #: Whether the parameter has its inputs first, as transposed convolutions do.
    inputs_first: bool = False

    def view(self, tensor: Tensor) -> Tensor:
        """[inputs, outputs], a view of the parameter or of what belongs to it."""
        matrix = tensor if self.tap is None else tensor[:, :, self.tap]
        return matrix if self.inputs_first else matrix.T


@dataclasses.dataclass(frozen=True)
class HiddenMatrix:
    """Pieces side by side (dim 1) or one below the other (dim 0), of which every step is made nearly orthogonal."""

    pieces: Sequence[_Piece]
    dim: int = 1

    def joined(self, tensors: Mapping[str, Tensor]) -> Tensor:
        return torch.cat([piece.view(tensors[piece.parameter]) for piece in self.pieces], self.dim)

    def subtract(self, tensors: Mapping[str, Tensor], step: Tensor) -> None:
        """Takes a step [inputs, outputs] off the parameters."""
        views = [piece.view(tensors[piece.parameter]) for piece in self.pieces]
        for view, part in zip(views, step.split([view.shape[self.dim] for view in views], self.dim)):
            view.sub_(part)


def hidden_matrices(shapes: Mapping[str, Sequence[int]]) -> list[HiddenMatrix]:
    """The matrices inside processor and byte stage, of parameters with these names and shapes."""
    matrices = []
    for name, shape in shapes.items():
        is_hidden = name.startswith(("processor.", "byte_stage.upsample.", "byte_stage.blocks."))
        if not is_hidden or len(shape) < 2:
            continue
        block = re.match(r"(.*\.blocks\.\d+)\.convs\.(\d+)\.weight$", name)
        if block:
            # All kernels of a ConvBlock are one matrix with its residual, told at the first.
            if block[2] == "0":
                matrices.append(_conv_block(block[1], shapes))
        elif name.endswith(".upsample.weight"):
            matrices.append(HiddenMatrix([_Piece(name, tap, inputs_first=True) for tap in range(shape[2])]))
        elif name.endswith(".downsample.conv.weight"):
            matrices.append(HiddenMatrix([_Piece(name, tap) for tap in range(3)], dim=0))
        elif len(shape) == 3 and not name.endswith(".residual.weight"):
            matrices.append(HiddenMatrix([_Piece(name, tap) for tap in range(shape[2])]))
        elif len(shape) == 2:
            matrices.append(HiddenMatrix([_Piece(name)]))
    return matrices


def _conv_block(block: str, shapes: Mapping[str, Sequence[int]]) -> HiddenMatrix:
    kernels = [name for name in shapes if re.match(rf"{re.escape(block)}\.convs\.\d+\.weight$", name)]
    taps = [_Piece(name, tap) for name in kernels for tap in range(shapes[name][2])]
    return HiddenMatrix([*taps, _Piece(f"{block}.residual.weight", 0)])


class Muon:
    """m ← μm + (1−μ)g, u = μm + (1−μ)g, θ ← θ(1 − αλ) − α·scale·√(longer side)·orthogonal(u), by blocks of rows."""

    def __init__(self, parameters: Mapping[str, Tensor], momentum: float, scale: float, weight_decay: float) -> None:
        self.matrices = hidden_matrices({name: tuple(tensor.shape) for name, tensor in parameters.items()})
        self.names = {piece.parameter for matrix in self.matrices for piece in matrix.pieces}
        self.parameters = {name: tensor for name, tensor in parameters.items() if name in self.names}
        self.moments = {name: torch.zeros_like(tensor) for name, tensor in self.parameters.items()}
        self.momentum = momentum
        self.scale = scale
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """One update from the (clipped) gradients."""
        gradients: dict[str, Tensor] = {}
        for name, parameter in self.parameters.items():
            assert parameter.grad is not None
            gradients[name] = parameter.grad
            self.moments[name].mul_(self.momentum).add_(parameter.grad, alpha=1 - self.momentum)
            parameter.mul_(1 - learning_rate * self.weight_decay)
        ahead = {name: torch.lerp(gradients[name], moment, self.momentum) for name, moment in self.moments.items()}
        for matrix in self.matrices:
            joined = matrix.joined(ahead)
            rows = block_rows(len(joined))
            blocks = joined.unflatten(0, (len(joined) // rows, rows))
            longer = max(rows, joined.shape[1])
            step = orthogonalized(blocks).flatten(0, 1) * (learning_rate * self.scale * math.sqrt(longer))
            matrix.subtract(self.parameters, step)

    def restore(self, moments: Iterable[tuple[str, Tensor]]) -> None:
        """Goes on from these moments."""
        for name, moment in moments:
            self.moments[name].copy_(moment)


def block_rows(rows: int) -> int:
    """Rows of a block: the largest divisor that is not above 64, or all where that would be under 16."""
    sizes = range(min(rows, _MOST_ROWS), _LEAST_ROWS - 1, -1)
    return next((size for size in sizes if rows % size == 0), rows)


def orthogonalized(blocks: Tensor) -> Tensor:
    """Each matrix of [N, m, n] with its singular values moved near 1: X ← aX + bXXᵀX + c(XXᵀ)²X.

    All of that happens on the smaller Gram matrix G: a round is P = aI + bG + cG², and X becomes PX, G becomes PGP.
    """
    if blocks.shape[1] > blocks.shape[2]:
        return orthogonalized(blocks.mT).mT
    start = blocks / (blocks.flatten(1).norm(dim=1)[:, None, None] + 1e-20)
    linear = _LINEAR * torch.eye(blocks.shape[1], dtype=blocks.dtype, device=blocks.device)
    gram = start @ start.mT
    product = None
    for left in range(_ROUNDS - 1, -1, -1):
        p = linear + _CUBIC * gram + _QUINTIC * (gram @ gram)
        product = p if product is None else p @ product
        if left > 0:
            gram = p @ gram @ p
    return product @ start
