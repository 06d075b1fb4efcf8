"""The reference Transformer on long streams, without the scores that the mask rules out anyway.

The same numbers as `StreamingTransformer.forward` to rounding, at the cost of frames x (block + left
context) instead of frames x frames.
"""

import math

import torch
from streaming_transformer import Block, StreamingTransformer, angles, rotate
from torch import Tensor
from torch.nn import functional as F

BLOCK = 128


def banded(model: StreamingTransformer, frames: Tensor, chunk_size: int, left_context: int) -> Tensor:
    """[batch, frames, inputs] to logits [batch, frames, outputs], from position 0."""
    count = frames.shape[-2]
    positions = torch.arange(count)
    bands = []
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        first = max(0, start // chunk_size * chunk_size - left_context)
        last = min(count, -(-end // chunk_size) * chunk_size)
        # Rows of this block and columns of its band, by the model's own rule.
        visible = model.visible(positions[first:last], chunk_size, left_context)[start - first : end - first]
        mask = torch.zeros(visible.shape, dtype=frames.dtype).masked_fill(~visible, -math.inf)
        bands.append((start, end, first, last, mask))
    settings = model.configuration
    rotation = angles(
        positions, settings["model_size"] // settings["head_count"], settings["rotary_base"], frames.dtype)
    x = model.input_projection(frames)
    for layer in model.layers:
        x = x + _attention(layer, layer.attention_norm(x), rotation, bands)
        x = x + layer.feed_forward(layer.feed_forward_norm(x))
    return model.head(model.norm(x))


def _attention(layer: Block, x: Tensor, rotation: tuple[Tensor, Tensor], bands: list) -> Tensor:
    attention = layer.attention
    query = rotate(attention.split(attention.query(x)), rotation)
    key = rotate(attention.split(attention.key(x)), rotation)
    value = attention.split(attention.value(x))
    parts = [
        F.scaled_dot_product_attention(
            query[..., start:end, :], key[..., first:last, :], value[..., first:last, :],
            attn_mask=mask)
        for start, end, first, last, mask in bands
    ]
    return attention.output(torch.cat(parts, -2).transpose(-3, -2).flatten(-2))
