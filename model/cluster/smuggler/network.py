"""The whole network. Its state dict has the tensors of `model.safetensors`, by the same names and in the same order."""

from __future__ import annotations

import contextlib
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import (
    CausalConv1d,
    ConvBlock,
    DecoderStage,
    DendriticBlock,
    EncoderStage,
    Norm,
    TransformerBlock,
)
from .config import ModelConfig
from .voters import log_likelihood

BITS = 32
BYTES = 4


def bit_signs(chunks: Tensor) -> Tensor:
    """The bits of chunks as ±1, in reading order, most significant bit of a byte first.

    chunks: uint8 [..., 4] → float32 [..., 32]
    """
    shifts = torch.arange(7, -1, -1, dtype=torch.uint8, device=chunks.device)
    bits = (chunks.unsqueeze(-1).bitwise_right_shift(shifts)).bitwise_and(1)
    return bits.flatten(-2).float() * 2 - 1


def sinusoidal_positions(length: int, channels: int) -> Tensor:
    """[length, channels]; sin on even channels, cos on odd ones, of t·10000^(−2i/D)."""
    t = torch.arange(length, dtype=torch.float64)[:, None]
    channel = torch.arange(channels)[None, :]
    angle = t * 10000.0 ** (-2.0 * (channel // 2) / channels)
    return torch.where(channel % 2 == 0, angle.sin(), angle.cos()).float()


class InputEmbedding(nn.Module):
    """Bits as ±1, projected, plus the position in the window: [B, T, 32] → [B, T, D]."""

    positions: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.projection = nn.Linear(BITS, config.embedding_dim)
        positions = sinusoidal_positions(config.context_chunks, config.embedding_dim)
        self.register_buffer("positions", positions, persistent=False)

    def forward(self, signs: Tensor) -> Tensor:
        return self.projection(signs) + self.positions[: signs.shape[1]]


class Stages(nn.Module):
    """A list of stages under the name `stages`."""

    def __init__(self, stages: list[nn.Module]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)


class Bottleneck(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        block = TransformerBlock if config.bottleneck == "transformer" else DendriticBlock
        self.blocks = nn.Sequential(*(block(config) for _ in range(config.bottleneck_layers)))

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(x)


class Processor(nn.Module):
    """[B, T, D] → [B, T, D]; T is a multiple of 2^S."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        D = config.embedding_dim
        widths = [D * 2**i for i in range(config.stages)]
        self.input_conv = CausalConv1d(D, D, 3)
        self.encoder = Stages([EncoderStage(width, config.kernel_sizes) for width in widths])
        self.bottleneck = Bottleneck(config)
        self.decoder = Stages([DecoderStage(width, config.kernel_sizes) for width in reversed(widths)])
        self.output_conv = nn.Conv1d(D, D, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.input_conv(x.transpose(1, 2))
        skips = []
        for stage in self.encoder.stages:
            skip, x = stage(x)
            skips.append(skip)
        x = self.bottleneck(x.transpose(1, 2)).transpose(1, 2)
        for stage in self.decoder.stages:
            x = stage(x, skips.pop())
        return self.output_conv(x).transpose(1, 2)


#: How many bytes before the predicted one an n-gram holds; each order has a table of its own.
NGRAM_ORDERS = (2, 3, 4, 6)
#: Of the hash h₁ = b₁, hₙ = (h₍ₙ₋₁₎·429 + bₙ) mod R with bₙ the byte n before.
NGRAM_MULTIPLIER = 429


def ngram_rows(seen: Tensor, rows: int) -> Tensor:
    """Rows of the joined table before each predicted byte: bytes int [B, 4(T+1)] → [B, 4T, orders]."""
    longest = max(NGRAM_ORDERS)
    padded = F.pad(seen, (longest - BYTES, 0))  # Bytes before the window's first count as 0.
    length = padded.shape[1]

    def before(n: int) -> Tensor:
        return padded[:, longest - n : length - n]

    found = []
    hashed = before(1)
    for n in range(2, longest + 1):
        hashed = (hashed * NGRAM_MULTIPLIER + before(n)) % rows
        if n in NGRAM_ORDERS:
            found.append(hashed + len(found) * rows)
    return torch.stack(found, -1)


class ByteStage(nn.Module):
    """One more stage of the decoder, from chunks down to bytes, whose skip is what is heard of the bytes before each predicted one."""

    def __init__(self, config: ModelConfig, channels: int) -> None:
        super().__init__()
        self.upsample = nn.ConvTranspose1d(config.embedding_dim, channels, BYTES, stride=BYTES)
        self.embedding = nn.Embedding(256, channels)
        self.rows = config.byte_ngram_rows
        if self.rows is not None:
            self.ngrams = nn.Embedding(len(NGRAM_ORDERS) * self.rows, channels)
        self.blocks = nn.Sequential(
            ConvBlock(2 * channels, channels, config.kernel_sizes), ConvBlock(channels, channels, config.kernel_sizes)
        )

    def forward(self, trunk: Tensor, seen: Tensor) -> Tensor:
        """[B, T, D] and the bytes of all chunks, int [B, 4(T+1)], of whose last nothing is heard → [B, 4T, C]"""
        heard = self.embedding(seen[:, BYTES - 1 : -1])
        if self.rows is not None:
            heard = heard + self.ngrams(ngram_rows(seen, self.rows)).sum(2)
        x = torch.cat([self.upsample(trunk.transpose(1, 2)), heard.transpose(1, 2)], 1)
        return self.blocks(x).transpose(1, 2)


class BitChain(nn.Module):
    """Weights from earlier bits to the voters of later ones, [32·M, n], row b·M + i; both among the n bits of one vector."""

    mask: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        mask = bit_chain_mask(config)
        self.weight = nn.Parameter(torch.zeros(mask.shape))
        self.register_buffer("mask", mask.float(), persistent=False)

    def forward(self) -> Tensor:
        """[32·M, n]"""
        return self.weight * self.mask


def bit_chain_mask(config: ModelConfig) -> Tensor:
    """bool [32·M, n]: whether row b·M + i may see column c, c below the place of b among the n bits of its vector."""
    columns = torch.arange(config.vector_bits)
    places = torch.arange(BITS) % config.vector_bits
    return columns[None, :] < places.repeat_interleave(config.voters)[:, None]


class Smuggler(nn.Module):
    """The network of a configuration.

    `half` computes the processor in bfloat16, where the device's type is known to do so; embedding, norms, voters and loss stay
    in float32.
    """

    def __init__(self, config: ModelConfig, half: bool = False) -> None:
        super().__init__()
        self.config = config
        self.half_precision = half
        if config.learns_temperature:
            self.log_temperature = nn.Parameter(torch.full((BITS,), math.log(config.tau)))
        self.input_embedding = InputEmbedding(config)
        self.processor = Processor(config)
        if config.byte_channels is not None:
            self.byte_stage = ByteStage(config, config.byte_channels)
        self.output_norm = Norm(config.hidden_width)
        self.output_projection = nn.Conv1d(config.hidden_width, BITS * config.voters, 1)
        if config.is_chained:
            self.bit_chain = BitChain(config)

    def hidden(self, windows: Tensor) -> Tensor:
        """What the voters of each chunk read: uint8 [B, T+1, 4] → [B, T, D], or with a byte stage [B, T, 4, C].

        Chunks 0..T−1 are seen; of the last one a byte stage sees the bytes before each byte.
        """
        trunk = self._trunk(bit_signs(windows[:, :-1]))
        if self.config.byte_channels is None:
            return self.output_norm(trunk)
        with self._autocast(trunk.device.type):
            x = self.byte_stage(trunk, windows.flatten(1).int())
        return self.output_norm(x).unflatten(1, (-1, BYTES))

    def _trunk(self, signs: Tensor) -> Tensor:
        """Bits as ±1 [B, T, 32] → [B, T, D]"""
        length = signs.shape[1]
        x = self.input_embedding(signs)
        # Everything is causal, so what stands in the padding changes nothing before it.
        x = F.pad(x, (0, 0, 0, -length % 2**self.config.stages))
        with self._autocast(x.device.type):
            x = self.processor(x)
        return x[:, :length]

    def _autocast(self, device: str) -> contextlib.AbstractContextManager[object]:
        return torch.autocast(device, torch.bfloat16) if self.half_precision else contextlib.nullcontext()

    def scores(self, hidden: Tensor, target_signs: Tensor) -> Tensor:
        """z [B, T, 32, M] from `hidden` and the target's own bits as ±1 [B, T, 32] (heard with chained bits only)."""
        config = self.config
        weight, bias = self.output_projection.weight.squeeze(-1), self.output_projection.bias
        if config.is_chained:
            # One product for both parts, so that the scores are written once.
            weight = torch.cat([weight, self.bit_chain()], 1)
        if config.byte_channels is None:
            heard = torch.cat([hidden, target_signs], -1) if config.is_chained else hidden
            return F.linear(heard, weight, bias).unflatten(-1, (BITS, config.voters))
        signs = target_signs.unflatten(-1, (BYTES, config.vector_bits))
        heard = torch.cat([hidden, signs], -1) if config.is_chained else hidden
        rows = config.vector_bits * config.voters
        parts = [
            F.linear(heard[:, :, j], weight[j * rows : (j + 1) * rows], bias[j * rows : (j + 1) * rows])
            for j in range(BYTES)
        ]
        return torch.cat(parts, -1).unflatten(-1, (BITS, config.voters))

    def tau(self) -> Tensor | float:
        """τ as it multiplies votes [..., 32, M]."""
        return self.log_temperature.exp()[:, None] if self.config.learns_temperature else self.config.tau

    def forward(self, windows: Tensor) -> Tensor:
        """ln of the probability of every real bit.

        windows: uint8 [B, T+1, 4]; inputs are chunks 0..T−1, targets 1..T. Returns float32 [B, T, 32].
        """
        targets = bit_signs(windows[:, 1:])
        scores = self.scores(self.hidden(windows), targets)
        return log_likelihood(self.config.aggregation_rule, scores, targets, self.tau())
