"""The recognisers: three families at three sizes, equal within 5 % at each, and the bounds of what hears all."""

import torch
from lockstep_reference import RecurrentModel, StreamingTransformer
from torch import Tensor, nn

from banded_attention import banded
from espeak import tokens
from networks import remembering

BANDS = 40
CHUNK_SIZES = (1, 2, 4, 8, 16, 32)
LEFT_CONTEXTS = (16, 128)
# Hidden size of the recurrent ones; model, heads, feed-forward and layers of the Transformer.
SIZES = {
    "small": {"lstm": 64, "gru": 76, "transformer": (48, 2, 104, 3)},
    "base": {"lstm": 136, "gru": 160, "min_gru": 236, "transformer": (96, 4, 224, 3), "bidirectional": 82},
    "large": {"lstm": 272, "gru": 320, "transformer": (144, 6, 528, 4)},
}
# Of the recurrent ones. A minGRU has no weights over its state, and room for one layer more.
LAYERS = {"lstm": 2, "gru": 2, "min_gru": 3}
# Architectures that stream, and the bounds: they hear the whole stream and cannot be lanes.
STREAMING = ("lstm", "gru", "transformer", "min_gru")
BOUNDS = ("bidirectional", "full")
# What the full-context Transformer sees at once when it is measured: as many frames as in training, of which
# the middle third is kept.
WINDOW, KEPT = 480, 160


class Bidirectional(nn.Module):
    """A bound: an LSTM that hears the stream from both ends."""

    def __init__(self, hidden: int, outputs: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(BANDS, hidden, 2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * hidden, outputs)

    def forward(self, frames: Tensor) -> Tensor:
        return self.head(self.lstm(frames)[0])


def make(architecture: str, size: str, outputs: int | None = None) -> nn.Module:
    outputs = outputs or len(tokens()) + 1
    sizes = SIZES[size]
    if architecture == "bidirectional":
        return Bidirectional(sizes["bidirectional"], outputs)
    if architecture in LAYERS:
        model = RecurrentModel(
            architecture, input_size=BANDS, projection_size=0, hidden_size=sizes[architecture],
            layer_count=LAYERS[architecture], output_size=outputs)
        return remembering(model) if architecture == "lstm" else model
    width, heads, feed_forward, layers = sizes["transformer"]
    return StreamingTransformer(
        input_size=BANDS, model_size=width, head_count=heads, feed_forward_size=feed_forward,
        layer_count=layers, output_size=outputs, mask="chunk", chunk_size=4, left_context=128,
        activation="gelu_tanh", max_left_context=128, chunk_sizes=list(CHUNK_SIZES))


def training_forward(model: nn.Module, frames: Tensor, generator: torch.Generator, full: bool = False) -> Tensor:
    """[batch, frames, bands] to logits. Each batch the Transformer has another chunk size, and every second
    batch another left context, so that one file serves them all."""
    if not isinstance(model, StreamingTransformer):
        return model(frames)
    if full:
        return banded(model, frames, frames.shape[1], 0)
    draw = torch.rand(3, generator=generator).tolist()
    chunk = CHUNK_SIZES[int(draw[0] * len(CHUNK_SIZES))]
    shortest, longest = LEFT_CONTEXTS
    left = longest if draw[1] < 0.5 else shortest + int(draw[2] ** 2 * (longest - shortest + 1))
    return banded(model, frames, chunk, left)


def run(model: nn.Module, frames: Tensor, chunk_size: int = 4, left_context: int = 128,
        full: bool = False) -> Tensor:
    """[batch, frames, bands] to logits, whole streams."""
    if not isinstance(model, StreamingTransformer):
        return model(frames)
    if not full:
        return banded(model, frames, chunk_size, left_context)
    count = frames.shape[1]
    side = (WINDOW - KEPT) // 2
    parts = []
    for start in range(0, count, KEPT):
        first, last = max(0, start - side), min(count, start + KEPT + side)
        logits = banded(model, frames[:, first:last], last - first, 0)
        parts.append(logits[:, start - first : start - first + KEPT])
    return torch.cat(parts, 1)
