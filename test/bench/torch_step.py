"""The default model's training step in PyTorch, written as one would write it, to be timed against ours.

Prints the GFLOP/s of its own 1024³ matrix product first, since with a reference BLAS a comparison would say nothing.
Then reads lines on standard input; for each takes the number of steps given as argument and prints milliseconds a step.
"""
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

D, STAGES, KERNELS, LAYERS, HEADS, M = 64, 2, (3, 5, 7), 2, 4, 128
BATCH, CONTEXT = 16, 64
TAU = 0.05 * M


class CausalConv(nn.Conv1d):
    def forward(self, x):
        return super().forward(F.pad(x, (self.kernel_size[0] - 1, 0)))


class ChannelNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        share = outputs // len(KERNELS)
        widths = [outputs - share * (len(KERNELS) - 1)] + [share] * (len(KERNELS) - 1)
        self.convs = nn.ModuleList(CausalConv(inputs, width, k) for width, k in zip(widths, KERNELS))
        self.norm = ChannelNorm(outputs)
        self.residual = nn.Conv1d(inputs, outputs, 1)

    def forward(self, x):
        return F.gelu(self.norm(torch.cat([conv(x) for conv in self.convs], 1))) + self.residual(x)


class TransformerBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, HEADS, c // HEADS).permute(2, 0, 3, 1, 4)
        mask = torch.full((n, n), -math.inf).triu(1)
        attention = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(c // HEADS) + mask, -1)
        x = x + self.out((attention @ v).transpose(1, 2).reshape(b, n, c))
        return x + self.contract(F.gelu(self.expand(self.norm2(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(32, D)
        self.input_conv = CausalConv(D, D, 3)
        widths = [D * 2**i for i in range(STAGES)]
        self.encoders = nn.ModuleList(nn.Sequential(ConvBlock(c, c), ConvBlock(c, c)) for c in widths)
        self.down = nn.ModuleList(CausalConv(c, 2 * c, 3, stride=2) for c in widths)
        self.down_norm = nn.ModuleList(ChannelNorm(2 * c) for c in widths)
        self.bottleneck = nn.Sequential(*(TransformerBlock(D * 2**STAGES) for _ in range(LAYERS)))
        self.up = nn.ModuleList(nn.ConvTranspose1d(2 * c, c, 2, stride=2) for c in reversed(widths))
        self.decoders = nn.ModuleList(nn.Sequential(ConvBlock(2 * c, c), ConvBlock(c, c)) for c in reversed(widths))
        self.output_conv = nn.Conv1d(D, D, 1)
        self.output_norm = nn.LayerNorm(D)
        self.output_projection = nn.Linear(D, 32 * M)
        self.chain = nn.Parameter(torch.zeros(32 * M, 32))
        bits = torch.arange(32)
        self.register_buffer("chain_mask", (bits[None, :] < bits.repeat_interleave(M)[:, None]).float())
        t, c = torch.arange(CONTEXT)[:, None], torch.arange(D)[None, :]
        angle = t * 10000.0 ** (-2 * (c // 2) / D)
        self.register_buffer("positions", torch.where(c % 2 == 0, angle.sin(), angle.cos()))

    def forward(self, signs):
        x = (self.embed(signs[:, :-1]) + self.positions).transpose(1, 2)
        x = self.input_conv(x)
        skips = []
        for encoder, down, norm in zip(self.encoders, self.down, self.down_norm):
            x = encoder(x)
            skips.append(x)
            x = norm(down(x))
        x = self.bottleneck(x.transpose(1, 2)).transpose(1, 2)
        for up, decoder in zip(self.up, self.decoders):
            x = decoder(torch.cat([up(x), skips.pop()], 1))
        hidden = self.output_norm(self.output_conv(x).transpose(1, 2))
        z = self.output_projection(hidden) + F.linear(signs[:, 1:], self.chain * self.chain_mask)
        votes = torch.sigmoid(z.view(BATCH, CONTEXT, 32, M))
        p = (torch.softmax(TAU * votes, -1) * votes).sum(-1).clamp(1e-6, 1 - 1e-6)
        return F.binary_cross_entropy(p, (signs[:, 1:] + 1) / 2)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = Model()
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
        lr=1e-3,
        betas=(0.9, 0.99),
        foreach=True,
    )
    signs = torch.randint(0, 2, (BATCH, CONTEXT + 1, 32)).float() * 2 - 1
    count = int(sys.argv[1])
    a = torch.rand(1024, 1024)
    fastest = math.inf
    for _ in range(8):
        start = time.perf_counter()
        a @ a
        fastest = min(fastest, time.perf_counter() - start)
    print(2 * 1024**3 / fastest * 1e-9, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            loss = model(signs)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        print((time.perf_counter() - start) * 1000 / count, flush=True)


main()
