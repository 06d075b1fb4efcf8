"""The chunked streaming Transformer."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class StreamingTransformer(nn.Module):
    """Pre-norm Transformer with rotary positions and a mask that follows from absolute positions.

    `chunk_size` and `left_context` are defaults that a call may override; `chunk_sizes` and
    `max_left_context` tell users of the file what it was trained for and are not enforced here.
    """

    architecture = "streaming_transformer"

    def __init__(
        self,
        input_size: int,
        model_size: int,
        head_count: int,
        feed_forward_size: int,
        layer_count: int,
        output_size: int,
        mask: str,
        chunk_size: int,
        left_context: int,
        activation: str = "relu",
        norm_epsilon: float = 1e-5,
        rotary_base: float = 10000.0,
        max_left_context: int | None = None,
        chunk_sizes: list[int] | None = None,
    ):
        super().__init__()
        if model_size % (2 * head_count):
            raise ValueError(f"model_size {model_size} is no even multiple of {head_count} heads")
        if mask not in ("causal", "chunk") or activation not in ("relu", "gelu_tanh"):
            raise ValueError(f"unknown mask {mask} or activation {activation}")
        max_left_context = left_context if max_left_context is None else max_left_context
        if chunk_sizes is None and mask == "chunk":
            chunk_sizes = [chunk_size]
        if left_context > max_left_context or (mask == "chunk" and chunk_size not in chunk_sizes):
            raise ValueError("the default chunk_size or left_context is not among those allowed")
        self.configuration = dict(
            input_size=input_size,
            model_size=model_size,
            head_count=head_count,
            feed_forward_size=feed_forward_size,
            layer_count=layer_count,
            output_size=output_size,
            mask=mask,
            chunk_size=chunk_size,
            left_context=left_context,
            activation=activation,
            norm_epsilon=norm_epsilon,
            rotary_base=rotary_base,
            max_left_context=max_left_context,
        )
        if chunk_sizes is not None:
            self.configuration["chunk_sizes"] = list(chunk_sizes)
        self.input_projection = nn.Linear(input_size, model_size)
        self.layers = nn.ModuleList(
            Block(model_size, head_count, feed_forward_size, activation, norm_epsilon)
            for _ in range(layer_count)
        )
        self.norm = nn.LayerNorm(model_size, norm_epsilon)
        self.head = nn.Linear(model_size, output_size)

    def forward(
        self,
        frames: Tensor,
        start: int = 0,
        chunk_size: int | None = None,
        left_context: int | None = None,
        present: Tensor | None = None,
    ) -> Tensor:
        """`start`: position of the first frame; no keys exist before it. `present`: bool [frames]
        or [batch, frames], False for frames that no other may see (padding, dropped frames)."""
        positions = torch.arange(start, start + frames.shape[-2])
        visible = self.visible(positions, chunk_size, left_context)
        if present is not None:
            itself = torch.eye(len(positions), dtype=torch.bool)
            visible = (visible & present.unsqueeze(-2)) | itself
            visible = visible.unsqueeze(-3)  # the same for all heads
        mask = torch.zeros(visible.shape, dtype=frames.dtype).masked_fill(~visible, -math.inf)
        rotation = self.rotation(positions, frames.dtype)
        x = self.input_projection(frames)
        for layer in self.layers:
            x = layer(x, rotation, mask)
        return self.head(self.norm(x))

    def visible(
        self, positions: Tensor, chunk_size: int | None = None, left_context: int | None = None
    ) -> Tensor:
        """bool [frames, frames]: which key (column) the frame of a row sees."""
        chunk_size = self.configuration["chunk_size"] if chunk_size is None else chunk_size
        left_context = self.configuration["left_context"] if left_context is None else left_context
        query, key = positions[:, None], positions[None, :]
        if self.configuration["mask"] == "causal":
            return (key >= query - left_context) & (key <= query)
        chunk_start = query // chunk_size * chunk_size
        return (key >= chunk_start - left_context) & (key < chunk_start + chunk_size)

    def rotation(self, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """cos and sin of the rotary angles, [frames, head_size / 2]; phases are always float64."""
        head_size = self.configuration["model_size"] // self.configuration["head_count"]
        index = torch.arange(head_size // 2, dtype=torch.float64)
        frequency = self.configuration["rotary_base"] ** (-2 * index / head_size)
        angle = positions.double()[:, None] * frequency
        return angle.cos().to(dtype), angle.sin().to(dtype)


class Block(nn.Module):
    """x += attention(norm(x)); x += feed_forward(norm(x))."""

    def __init__(
        self,
        model_size: int,
        head_count: int,
        feed_forward_size: int,
        activation: str,
        norm_epsilon: float,
    ):
        super().__init__()
        self.attention_norm = nn.LayerNorm(model_size, norm_epsilon)
        self.attention = Attention(model_size, head_count)
        self.feed_forward_norm = nn.LayerNorm(model_size, norm_epsilon)
        self.feed_forward = FeedForward(model_size, feed_forward_size, activation)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x), rotation, mask)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Attention(nn.Module):
    def __init__(self, model_size: int, head_count: int):
        super().__init__()
        self.head_count = head_count
        self.query = nn.Linear(model_size, model_size)
        self.key = nn.Linear(model_size, model_size)
        self.value = nn.Linear(model_size, model_size)
        self.output = nn.Linear(model_size, model_size)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        query = rotate(self.split(self.query(x)), rotation)
        key = rotate(self.split(self.key(x)), rotation)
        value = self.split(self.value(x))
        y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.output(y.transpose(-3, -2).flatten(-2))

    def split(self, x: Tensor) -> Tensor:
        """[..., frames, model_size] to [..., heads, frames, head_size]."""
        return x.unflatten(-1, (self.head_count, -1)).transpose(-3, -2)


class FeedForward(nn.Module):
    def __init__(self, model_size: int, feed_forward_size: int, activation: str):
        super().__init__()
        self.activation = activation
        self.up = nn.Linear(model_size, feed_forward_size)
        self.down = nn.Linear(feed_forward_size, model_size)

    def forward(self, x: Tensor) -> Tensor:
        x = self.up(x)
        x = F.relu(x) if self.activation == "relu" else F.gelu(x, approximate="tanh")
        return self.down(x)


def rotate(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """Dimensions i and i + head_size / 2 are a pair: (a, b) -> (a cos - b sin, b cos + a sin)."""
    cos, sin = rotation
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
