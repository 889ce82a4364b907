"""A training step of `unet1d` in PyTorch: what `cizgi bench pytorch` sets its own beside.

Reads lines from stdin; for each it takes one whole step (noise, forward, backward, clipping, AdamW, moving average)
and writes the milliseconds that it took. The first line it writes is its version, threads and number of parameters.
"""

import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Film(nn.Module):
    def __init__(self, size, channels):
        super().__init__()
        self.linear = nn.Linear(size, 2 * channels)

    def forward(self, h, condition):
        scale, shift = self.linear(condition).unsqueeze(-1).chunk(2, dim=1)
        return h * (1 + scale) + shift


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, size, groups):
        super().__init__()
        self.conv1 = nn.Conv1d(inputs, outputs, 3, padding=1)
        self.norm1 = nn.GroupNorm(groups, outputs)
        self.time = Film(size, outputs)
        self.category = Film(size, outputs)
        self.conv2 = nn.Conv1d(outputs, outputs, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, outputs)
        self.skip = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, time, category):
        h = self.category(self.time(self.norm1(self.conv1(x)), time), category)
        h = self.norm2(self.conv2(F.silu(h)))
        return F.silu(h) + self.skip(x)


class Attention(nn.Module):
    def __init__(self, channels, heads, groups):
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(groups, channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        batch, channels, length = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(batch, 3 * self.heads, -1, length).chunk(3, dim=1)
        scores = q.transpose(2, 3) @ k / math.sqrt(channels / self.heads)
        mixed = v @ scores.softmax(dim=-1).transpose(2, 3)
        return x + self.proj(mixed.reshape(batch, channels, length))


class UNet(nn.Module):
    def __init__(self, base, classes, heads, groups, pen_head, known):
        super().__init__()
        size = 2 * base
        coordinates = 2 if pen_head else 3
        self.base = base
        self.time = nn.Sequential(nn.Linear(base, size), nn.SiLU(), nn.Linear(size, size))
        self.category = nn.Embedding(classes + 1, size)
        block = lambda inputs, outputs: ResidualBlock(inputs, outputs, size, groups)
        attention = lambda channels: Attention(channels, heads, groups)
        self.input = nn.Conv1d(coordinates + known, base, 1)
        self.down1, self.down2 = block(base, base), block(base, 2 * base)
        self.down3, self.attention1, self.down4 = block(2 * base, 2 * base), attention(2 * base), block(2 * base, 4 * base)
        self.mid1, self.attention2, self.mid2 = block(4 * base, 4 * base), attention(4 * base), block(4 * base, 4 * base)
        self.up1, self.up2, self.attention3 = block(8 * base, 2 * base), block(2 * base, 2 * base), attention(2 * base)
        self.up3, self.up4 = block(4 * base, base), block(base, base)
        self.output = nn.Conv1d(base, coordinates, 1)
        self.pen = nn.Sequential(nn.Conv1d(base, base // 2, 1), nn.SiLU(), nn.Conv1d(base // 2, 1, 1)) if pen_head else None

    def forward(self, noisy, times, labels):
        half = self.base // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half) / (half - 1))
        angles = times[:, None] * frequencies
        time = self.time(torch.cat([angles.sin(), angles.cos()], dim=1))
        category = self.category(labels)
        condition = (time, category)
        upsample = lambda h: F.interpolate(h, scale_factor=2, mode="nearest")

        h = self.down1(self.input(noisy.transpose(1, 2)), *condition)
        a = self.down2(h, *condition)
        h = self.attention1(self.down3(F.avg_pool1d(a, 2), *condition))
        b = self.down4(h, *condition)
        h = self.attention2(self.mid1(F.avg_pool1d(b, 2), *condition))
        h = self.mid2(h, *condition)
        h = self.up1(torch.cat([upsample(h), b], dim=1), *condition)
        h = self.attention3(self.up2(h, *condition))
        h = self.up3(torch.cat([upsample(h), a], dim=1), *condition)
        h = self.up4(h, *condition)
        return self.output(h).transpose(1, 2), self.pen(h).squeeze(1) if self.pen else None


# Of the settings of the network, and what is sent beside them, those that matter here.
SIZES = ("baseChannels", "points", "classes", "attentionHeads", "normGroups", "batch", "threads", "pen", "prefixConditioning")


def main(settings):
    base, points, classes, heads, groups, batch, threads, pen, prefixes = (settings[name] for name in SIZES)
    pen_head, known = pen == "head", prefixes > 0
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    network = UNet(base, classes, heads, groups, pen_head, known)
    parameters = list(network.parameters())
    average = [p.detach().clone() for p in parameters]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.01)
    drawings = torch.randn(batch, points, 2 if pen_head else 3)
    # Which points of a prefix are known, told beside the coordinates.
    told = [torch.zeros(batch, points, 1)] if known else []
    pens = (torch.rand(batch, points) < 0.1).float()
    labels = torch.arange(batch) % classes
    alpha_bars = torch.cos((torch.arange(1, 1001) / 1000 + 0.008) / 1.008 * math.pi / 2) ** 2

    def step():
        times = torch.randint(0, 1000, (batch,))
        noise = torch.randn_like(drawings)
        alpha_bar = alpha_bars[times][:, None, None]
        noisy = alpha_bar.sqrt() * drawings + (1 - alpha_bar).sqrt() * noise
        prediction, logits = network(torch.cat([noisy, *told], dim=2), times.float(), labels)
        loss = F.mse_loss(prediction, noise)
        if pen_head:
            loss = loss + 0.5 * F.binary_cross_entropy_with_logits(logits, pens)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            for mean, p in zip(average, parameters):
                mean.mul_(0.999).add_(p, alpha=0.001)

    count = sum(p.numel() for p in parameters)
    print(json.dumps({"version": torch.__version__, "threads": threads, "parameters": count}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        step()
        print(1000 * (time.perf_counter() - started), flush=True)


main(json.loads(sys.argv[1]))
