"""The sizes of the trained pairs, and how each of them is run in training."""

import math

import torch
from lockstep_reference import RecurrentModel, StreamingTransformer
from torch import Tensor, nn

from banded_attention import banded

ARCHITECTURES = ("lstm", "transformer")
CHUNK_SIZES = list(range(1, 33))
DEFAULT_CHUNK = 4
REPORTED_CHUNKS = (1, 4, 16, 32)


# Of the speech pair: the LSTM's hidden size, the Transformer's model and feed-forward size. Equal parameters
# within 5 % in each; the large files stay below 2 MB.
SPEECH_SIZES = {"small": (64, 48, 192), "default": (128, 96, 384), "large": (192, 144, 528)}


def remembering(model: RecurrentModel) -> RecurrentModel:
    """Opens the forget gates at the start: what an LSTM has to remember here lasts many frames."""
    hidden = model.configuration["hidden_size"]
    with torch.no_grad():
        for name, values in model.lstm.named_parameters():
            if name.startswith("bias_ih"):
                values[hidden : 2 * hidden] += 1
    return model


def speech_model(architecture: str, size: str = "default") -> nn.Module:
    hidden, model, feed_forward = SPEECH_SIZES[size]
    if architecture == "lstm":
        return remembering(RecurrentModel(
            architecture, input_size=40, projection_size=0, hidden_size=hidden, layer_count=2,
            output_size=1))
    return StreamingTransformer(
        input_size=40, model_size=model, head_count=3, feed_forward_size=feed_forward, layer_count=2,
        output_size=1, mask="chunk", chunk_size=DEFAULT_CHUNK, left_context=128,
        activation="gelu_tanh", max_left_context=256, chunk_sizes=CHUNK_SIZES)


def activity_model(architecture: str, outputs: int) -> nn.Module:
    if architecture == "lstm":
        return remembering(RecurrentModel(
            architecture, input_size=6, projection_size=0, hidden_size=68, layer_count=2,
            output_size=outputs))
    return StreamingTransformer(
        input_size=6, model_size=48, head_count=2, feed_forward_size=192, layer_count=2,
        output_size=outputs, mask="chunk", chunk_size=DEFAULT_CHUNK, left_context=256,
        activation="gelu_tanh", max_left_context=512, chunk_sizes=CHUNK_SIZES)


def parameter_count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def check_equal_sizes(counts: dict[str, int]) -> None:
    """The pair is compared at equal size: within 5 %."""
    if max(counts.values()) > 1.05 * min(counts.values()):
        raise SystemExit(f"Error: parameter counts differ by more than 5 %: {counts}")


def training_forward(model: nn.Module, frames: Tensor, generator: torch.Generator) -> Tensor:
    """[batch, frames, inputs] to logits [batch, frames, outputs].

    The Transformer sees another chunk size (1 to 32, small ones more often) and, every second batch,
    another left context, so that one file serves them all.
    """
    if isinstance(model, RecurrentModel):
        return model(frames)
    draw = torch.rand(3, generator=generator).tolist()
    chunk = min(32, int(math.exp(draw[0] * math.log(33))))
    settings = model.configuration
    left = settings["left_context"]
    if draw[1] < 0.5:
        left = int(draw[2] * (settings["max_left_context"] + 1))
    return banded(model, frames, chunk, left)


def run(model: nn.Module, frames: Tensor, chunk_size: int | None = None) -> Tensor:
    """[batch, frames, inputs] to logits: whole streams, at the model's own chunk size or another."""
    if isinstance(model, RecurrentModel):
        return model(frames)
    settings = model.configuration
    return banded(model, frames, chunk_size or settings["chunk_size"], settings["left_context"])
