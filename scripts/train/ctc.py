"""Losses of the recognition task: CTC, CTC with a place for every token, and labels of frames beside it.

Frame t ends (t hop + window) after the stream's begin. A token is heard to its end in the first frame that ends
behind it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from log_mel import HOP, SAMPLE_RATE, WINDOW

TIMINGS = ("plain", "frames", "places", "both")
# With places, a token may be told until so many frames after the one that has heard its end.
LATE = 4
FRAME_LOSS = 3.0


def frame_of(seconds: np.ndarray) -> np.ndarray:
    """The first frame that ends at this time or later."""
    return np.maximum(0, np.ceil((seconds * SAMPLE_RATE - WINDOW) / HOP)).astype(np.int64)


def time_of(frames: np.ndarray) -> np.ndarray:
    """When a frame ends, in seconds."""
    return (np.asarray(frames) * HOP + WINDOW) / SAMPLE_RATE


@dataclass
class Targets:
    """Of a batch: tokens one stream after the other [tokens], how many each stream has [streams], what may be
    told where [streams, frames, classes], and what is said in each frame [streams, frames]."""

    tokens: Tensor
    counts: Tensor
    allowed: Tensor | None
    labels: Tensor | None


def targets(streams: list[tuple[np.ndarray, np.ndarray, np.ndarray]], frames: int, classes: int, timing: str,
            wait: int) -> Targets:
    """Of streams as (classes, begins, ends): what `loss` takes. Tokens that a model that waits cannot tell
    before the stream ends are left out."""
    names, counts = [], []
    allowed = np.zeros((len(streams), frames, classes), bool) if timing in ("places", "both") else None
    labels = np.zeros((len(streams), frames), np.int64) if timing in ("frames", "both") else None
    for row, (own, begins, ends) in enumerate(streams):
        first, heard = frame_of(begins), frame_of(ends)
        told = heard + wait < frames
        names.append(own[told])
        counts.append(int(told.sum()))
        for name, a, b in zip(own[told], first[told], heard[told]):
            if allowed is not None:
                allowed[row, min(a + 1, b) + wait : b + wait + LATE + 1, name] = True
            if labels is not None:
                labels[row, a + wait : b + wait + 1] = name
    if allowed is not None:
        allowed[:, :, 0] = True
    return Targets(
        torch.from_numpy(np.concatenate(names)), torch.tensor(counts),
        None if allowed is None else torch.from_numpy(allowed),
        None if labels is None else torch.from_numpy(labels))


def loss(logits: Tensor, wanted: Targets) -> Tensor:
    """A mean over tokens. With labels of frames, the second half of the outputs is a head for these."""
    if wanted.labels is not None:
        logits, second = logits.chunk(2, dim=-1)
        extra = F.cross_entropy(second.flatten(0, 1), wanted.labels.flatten())
        return _ctc(logits, wanted) + FRAME_LOSS * extra
    return _ctc(logits, wanted)


def _ctc(logits: Tensor, wanted: Targets) -> Tensor:
    """-log of the probability of the tokens, told where they may be, for each token.

    torch's gradient holds only for probabilities that sum to 1, which they do not where some are ruled out;
    hence it is put together here: softmax minus how often an alignment passes an output.
    """
    batch, frames, _ = logits.shape
    lengths = torch.full((batch,), frames)
    own = F.log_softmax(logits.detach(), -1)
    shown = own if wanted.allowed is None else own.masked_fill(~wanted.allowed, -1e4)
    shown = shown.transpose(0, 1).contiguous().requires_grad_()
    with torch.enable_grad():
        value = F.ctc_loss(shown, wanted.tokens, lengths, wanted.counts, reduction="sum", zero_infinity=True)
        (gradient,) = torch.autograd.grad(value, shown)
    total = max(1, int(wanted.counts.sum()))
    passed = (shown.detach().exp() - gradient).transpose(0, 1)
    possible = (passed.sum((1, 2), keepdim=True) - frames).abs() < 0.01 * frames
    slope = torch.where(possible, own.exp() - passed, 0.0) / total
    return value.detach() / total + (slope * (logits - logits.detach())).sum()
