"""The workloads in PyTorch: LSTMCell or fused attention, by TorchScript or torch.compile, weights frozen; the
loop over calls is part of what is compiled."""

import time
from typing import List, Tuple

import torch
from torch import Tensor, nn
from torch._inductor import config as inductor
from torch.nn import functional

from graphs import LSTMS, TRANSFORMERS

# Calls of one timing, so that entering TorchScript from Python is not what is measured.
CALLS = 8


class Cells(nn.Module):
    def __init__(self, size: int, hidden: int, layers: int):
        super().__init__()
        self.cells = nn.ModuleList(
            [nn.LSTMCell(size if i == 0 else hidden, hidden) for i in range(layers)]
        )
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: Tensor, states: List[Tensor], calls: int) -> Tuple[Tensor, List[Tensor]]:
        y = x
        for _ in range(calls):
            fresh: List[Tensor] = []
            value = x
            for i, cell in enumerate(self.cells):
                h, c = cell(value, (states[2 * i], states[2 * i + 1]))
                fresh.append(h)
                fresh.append(c)
                value = h
            states = fresh
            y = self.head(value)
        return y, states


class Block(nn.Module):
    def __init__(self, size: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)

    def forward(
        self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor]:
        n, chunk, size = x.shape
        q, k, v = self.qkv(self.norm1(x)).chunk(3, dim=2)
        q = q.view(n, chunk, self.heads, -1).transpose(1, 2)
        keys = torch.cat([keys, k.view(n, chunk, self.heads, -1).transpose(1, 2)], dim=2)
        values = torch.cat([values, v.view(n, chunk, self.heads, -1).transpose(1, 2)], dim=2)
        if chunk > 1:
            seen = functional.scaled_dot_product_attention(q, keys, values, attn_mask=mask)
        else:
            seen = functional.scaled_dot_product_attention(q, keys, values)
        x = x + self.out(seen.transpose(1, 2).reshape(n, chunk, size))
        x = x + self.down(functional.relu(self.up(self.norm2(x))))
        return x, keys[:, :, chunk:], values[:, :, chunk:]


class Blocks(nn.Module):
    def __init__(self, size_in: int, size: int, heads: int, layers: int, window: int, chunk: int):
        super().__init__()
        self.projection = nn.Linear(size_in, size)
        self.blocks = nn.ModuleList([Block(size, heads) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(size), nn.Linear(size, 1)
        row, key = torch.arange(chunk)[:, None], torch.arange(window + chunk)[None, :]
        self.register_buffer("mask", (key >= row) & (key <= row + window))

    def forward(self, x: Tensor, states: List[Tensor], calls: int) -> Tuple[Tensor, List[Tensor]]:
        y = x
        for _ in range(calls):
            fresh: List[Tensor] = []
            value = self.projection(x)
            for i, block in enumerate(self.blocks):
                value, keys, values = block(value, states[2 * i], states[2 * i + 1], self.mask)
                fresh.append(keys)
                fresh.append(values)
            states = fresh
            y = self.head(self.norm(value))
        return y, states


class TorchPeer:
    """Times `CALLS` calls together and divides."""

    def __init__(self, workload, compiles=False):
        torch.set_num_threads(1)
        n = workload.streams
        if workload.is_lstm:
            size, hidden, layers = LSTMS[workload.model]
            model = Cells(size, hidden, layers)
            self.x = torch.randn(n, size)
            self.states = [torch.zeros(n, hidden) for _ in range(2 * layers)]
        else:
            size_in, size, heads, layers, window = TRANSFORMERS[workload.model]
            model = Blocks(size_in, size, heads, layers, window, workload.chunk)
            self.x = torch.randn(n, workload.chunk, size_in)
            past = (n, heads, window, size // heads)
            self.states = [torch.randn(past) * 0.1 for _ in range(2 * layers)]
        model.eval()
        if not compiles:
            self.run = torch.jit.freeze(torch.jit.script(model))
            return
        # Its best form on a processor: constant weights, generated C++ all the way, every product tuned.
        inductor.freezing = inductor.cpp_wrapper = True
        # No processes beside the one that has the core.
        inductor.compile_threads = 1
        inductor.max_autotune_report_choices_stats = False
        self.run = torch.compile(
            model, fullgraph=True, dynamic=False, mode="max-autotune-no-cudagraphs"
        )
        with torch.inference_mode():
            self.run(self.x, self.states, CALLS)

    def times(self, seconds):
        """Nanoseconds a call, one value for each group of calls; a quarter of the time warms up."""
        result = []
        with torch.inference_mode():
            for _ in range(3):
                _, self.states = self.run(self.x, self.states, CALLS)
            start = time.perf_counter()
            while time.perf_counter() - start < seconds / 4:
                _, self.states = self.run(self.x, self.states, CALLS)
            last = time.perf_counter_ns()
            while len(result) < 3 or time.perf_counter() - start < seconds:
                _, self.states = self.run(self.x, self.states, CALLS)
                end = time.perf_counter_ns()
                result.append((end - last) / CALLS)
                last = end
        return result
