"""The processor's blocks. Convolutions take [B, C, T]; a bottleneck's blocks take [B, T, C]; all are causal."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import ModelConfig


class CausalConv1d(nn.Conv1d):
    """A convolution whose output at t sees inputs up to t (with a stride s: up to s·t)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, (self.kernel_size[0] - 1, 0)))


class Norm(nn.LayerNorm):
    """LayerNorm over the last dimension, computed in the precision of its weights."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.to(self.weight.dtype))


class ChannelNorm(Norm):
    """LayerNorm over the channels at one position of [B, C, T]."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


def kernel_channels(outputs: int, kernels: int) -> list[int]:
    """The channels of each kernel: ⌊outputs/kernels⌋, and the first one takes the rest."""
    share = outputs // kernels
    return [outputs - share * (kernels - 1)] + [share] * (kernels - 1)


class ConvBlock(nn.Module):
    """GELU(norm(concat of convolutions)) + residual, [B, inputs, T] → [B, outputs, T]."""

    def __init__(self, inputs: int, outputs: int, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        widths = kernel_channels(outputs, len(kernel_sizes))
        self.convs = nn.ModuleList(CausalConv1d(inputs, width, k) for width, k in zip(widths, kernel_sizes))
        self.norm = ChannelNorm(outputs)
        self.residual = nn.Conv1d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.norm(torch.cat([conv(x) for conv in self.convs], 1))) + self.residual(x)


class Downsample(nn.Module):
    """[B, C, T] → [B, 2C, ⌈T/2⌉]"""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = CausalConv1d(channels, 2 * channels, 3, stride=2)
        self.norm = ChannelNorm(2 * channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


class EncoderStage(nn.Module):
    """Two ConvBlocks, whose result is the skip, and the way down."""

    def __init__(self, channels: int, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(ConvBlock(channels, channels, kernel_sizes) for _ in range(2)))
        self.downsample = Downsample(channels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """[B, C, T] → the skip [B, C, T] and [B, 2C, T/2]"""
        skip = self.blocks(x)
        return skip, self.downsample(skip)


class DecoderStage(nn.Module):
    """The way up, joined by the skip, and two ConvBlocks."""

    def __init__(self, channels: int, kernel_sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.upsample = nn.ConvTranspose1d(2 * channels, channels, 2, stride=2)
        self.blocks = nn.Sequential(
            ConvBlock(2 * channels, channels, kernel_sizes), ConvBlock(channels, channels, kernel_sizes)
        )

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """[B, 2C, T/2] and the skip [B, C, T] → [B, C, T]"""
        return self.blocks(torch.cat([self.upsample(x), skip], 1))


class Attention(nn.Module):
    """Causal self-attention; q, k and v stand in this order in `qkv`, heads contiguous in each."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        future = torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)
        scores = (q @ k.transpose(2, 3) / math.sqrt(width // self.heads)).masked_fill(future, -math.inf)
        return self.out((torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(batch, length, width))


class FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.expand = nn.Linear(width, 4 * width)
        self.contract = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.contract(F.gelu(self.expand(x)))


class TransformerBlock(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.bottleneck_width
        self.norm1 = Norm(width)
        self.attention = Attention(width, config.attention_heads)
        self.norm2 = Norm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class DendriticBlock(nn.Module):
    """K branches, of which the k that the router wants most are heard: x + out(GELU(Σ_K g_K·d_K))."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.bottleneck_width
        self.branch_count = config.dendrite_branches
        self.active = config.dendrite_active
        self.norm = Norm(width)
        self.router = nn.Linear(width, self.branch_count)
        self.branches = nn.Linear(width, self.branch_count * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        normed = self.norm(x)
        wanted = self.router(normed)
        values, kept = wanted.topk(self.active, -1)
        gates = torch.zeros_like(wanted).scatter(-1, kept, torch.softmax(values, -1).to(wanted.dtype))
        branches = self.branches(normed).unflatten(-1, (self.branch_count, x.shape[-1]))
        return x + self.out(F.gelu((gates.unsqueeze(-2) @ branches).squeeze(-2)))
