"""The layers of a minGRU: a GRU whose gate and candidate read the input alone, not the state.

z = sigmoid(W_z x + b_z), n = W_n x + b_n, h' = (1 - z) h + z n (Feng et al., "Were RNNs All We Needed?",
2024, the form without logarithms).
"""

import math

import torch
from torch import Tensor, nn


class _Recurrence(torch.autograd.Function):
    """h' = h + z (n - h) along the frames; its gradient is such a recurrence backwards in time. Recorded operation
    by operation, 480 frames would take several times as long."""

    @staticmethod
    def forward(context, z: Tensor, n: Tensor, first: Tensor) -> Tensor:
        h = torch.empty_like(n)
        before = first
        for t in range(n.shape[1]):
            before = h[:, t] = torch.lerp(before, n[:, t], z[:, t])
        context.save_for_backward(z, n, first, h)
        return h

    @staticmethod
    def backward(context, gradient: Tensor):
        z, n, first, h = context.saved_tensors
        kept = 1 - z
        total = gradient.clone()
        for t in range(n.shape[1] - 1, 0, -1):
            total[:, t - 1].addcmul_(total[:, t], kept[:, t])
        before = torch.cat([first[:, None], h[:, :-1]], 1)
        return total * (n - before), total * z, total[:, 0] * kept[:, 0]


class MinGRU(nn.Module):
    """Called as `nn.GRU` with batch_first, with its names: rows of `weight_ih_l0` are z, then n; there is no
    `weight_hh_l0`."""

    def __init__(self, input_size: int, hidden_size: int, layer_count: int, batch_first: bool = True):
        super().__init__()
        if not batch_first:
            raise ValueError("a MinGRU takes [batch, frames, inputs]")
        self.hidden_size, self.layer_count = hidden_size, layer_count
        for k in range(layer_count):
            size = hidden_size if k else input_size
            weight = torch.empty(2 * hidden_size, size).uniform_(-1, 1) / math.sqrt(size)
            self.register_parameter(f"weight_ih_l{k}", nn.Parameter(weight))
            self.register_parameter(f"bias_ih_l{k}", nn.Parameter(torch.zeros(2 * hidden_size)))

    def forward(self, frames: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """[batch, frames, inputs] or [frames, inputs], and h [layers, batch, hidden] or [layers, hidden]."""
        x = frames if frames.ndim == 3 else frames[None]
        if state is None:
            state = x.new_zeros(self.layer_count, len(x), self.hidden_size)
        elif frames.ndim == 2:
            state = state[:, None]
        last = []
        for k in range(self.layer_count):
            gates = nn.functional.linear(
                x, self.get_parameter(f"weight_ih_l{k}"), self.get_parameter(f"bias_ih_l{k}"))
            z, n = gates.chunk(2, -1)
            x = _Recurrence.apply(torch.sigmoid(z), n, state[k])
            last.append(x[:, -1])
        after = torch.stack(last)
        return (x, after) if frames.ndim == 3 else (x[0], after[:, 0])
