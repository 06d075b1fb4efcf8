"""The chunked streaming Transformer."""

import math
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F


ACTIVATIONS = {
    "relu": F.relu,
    "gelu_tanh": partial(F.gelu, approximate="tanh"),
    "gelu": F.gelu,
    "silu": F.silu,
}
NORMS = {"layer": nn.LayerNorm, "rms": nn.RMSNorm}


class StreamingTransformer(nn.Module):
    """Transformer with a mask that follows from absolute positions; by default pre-norm, with rotary
    positions.

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
        rotary_base: float | None = None,
        max_left_context: int | None = None,
        chunk_sizes: list[int] | None = None,
        positions: str = "rotary",
        norm: str = "layer",
        norm_position: str = "pre",
        final_norm: bool | None = None,
        key_value_head_count: int | None = None,
        sink_count: int = 0,
    ):
        super().__init__()
        if model_size % (2 * head_count):
            raise ValueError(f"model_size {model_size} is no even multiple of {head_count} heads")
        if mask not in ("causal", "chunk") or activation not in ACTIVATIONS:
            raise ValueError(f"unknown mask {mask} or activation {activation}")
        if (
            positions not in ("rotary", "none", "sinusoidal")
            or norm not in NORMS
            or norm_position not in ("pre", "post")
        ):
            raise ValueError(f"unknown positions {positions}, norm {norm} or {norm_position}")
        if rotary_base is not None and positions != "rotary":
            raise ValueError(f"positions {positions} have no rotary_base")
        if key_value_head_count and head_count % key_value_head_count:
            raise ValueError(f"{key_value_head_count} does not divide {head_count} heads")
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
        )
        if positions == "rotary":
            rotary_base = 10000.0 if rotary_base is None else rotary_base
            self.configuration["rotary_base"] = rotary_base
        self.configuration["max_left_context"] = max_left_context
        if chunk_sizes is not None:
            self.configuration["chunk_sizes"] = list(chunk_sizes)
        # What a file does not say is what most models have.
        usual_final_norm = norm_position == "pre"
        final_norm = usual_final_norm if final_norm is None else final_norm
        key_value_head_count = key_value_head_count or head_count
        for key, value, usual in (
            ("positions", positions, "rotary"),
            ("norm", norm, "layer"),
            ("norm_position", norm_position, "pre"),
            ("final_norm", final_norm, usual_final_norm),
            ("key_value_head_count", key_value_head_count, head_count),
            ("sink_count", sink_count, 0),
        ):
            if value != usual:
                self.configuration[key] = value
        self.positions, self.sink_count = positions, sink_count
        make_norm = partial(NORMS[norm], model_size, norm_epsilon)
        self.input_projection = nn.Linear(input_size, model_size)
        self.layers = nn.ModuleList(
            Block(
                Attention(model_size, head_count, key_value_head_count),
                FeedForward(model_size, feed_forward_size, activation),
                make_norm,
                norm_position,
            )
            for _ in range(layer_count)
        )
        if final_norm:
            self.norm = make_norm()
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
        x = self.input_projection(frames)
        rotation = None
        if self.positions == "rotary":
            head_size = self.configuration["model_size"] // self.configuration["head_count"]
            base = self.configuration["rotary_base"]
            rotation = angles(positions, head_size, base, frames.dtype)
        if self.positions == "sinusoidal":
            cos, sin = angles(positions, x.shape[-1], 10000.0, frames.dtype)
            x = x + torch.stack((sin, cos), -1).flatten(-2)
        for layer in self.layers:
            x = layer(x, rotation, mask)
        return self.head(self.norm(x) if hasattr(self, "norm") else x)

    def visible(
        self, positions: Tensor, chunk_size: int | None = None, left_context: int | None = None
    ) -> Tensor:
        """bool [frames, frames]: which key (column) the frame of a row sees."""
        chunk_size = self.configuration["chunk_size"] if chunk_size is None else chunk_size
        left_context = self.configuration["left_context"] if left_context is None else left_context
        query, key = positions[:, None], positions[None, :]
        sinks = key < positions[0] + self.sink_count
        if self.configuration["mask"] == "causal":
            return ((key >= query - left_context) | sinks) & (key <= query)
        chunk_start = query // chunk_size * chunk_size
        return ((key >= chunk_start - left_context) | sinks) & (key < chunk_start + chunk_size)


class Block(nn.Module):
    """x += attention(norm(x)); x += feed_forward(norm(x)). Or with the norms behind:
    x = norm(x + attention(x)); x = norm(x + feed_forward(x))."""

    def __init__(self, attention: nn.Module, feed_forward: nn.Module, make_norm, norm_position: str):
        super().__init__()
        self.attention_norm = make_norm()
        self.attention = attention
        self.feed_forward_norm = make_norm()
        self.feed_forward = feed_forward
        self.norm_position = norm_position

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor] | None, mask: Tensor) -> Tensor:
        if self.norm_position == "post":
            x = self.attention_norm(x + self.attention(x, rotation, mask))
            return self.feed_forward_norm(x + self.feed_forward(x))
        x = x + self.attention(self.attention_norm(x), rotation, mask)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Attention(nn.Module):
    """Query head h has the keys and values of head floor(h * key_value_head_count / head_count)."""

    def __init__(self, model_size: int, head_count: int, key_value_head_count: int):
        super().__init__()
        self.head_size = model_size // head_count
        self.query = nn.Linear(model_size, model_size)
        self.key = nn.Linear(model_size, key_value_head_count * self.head_size)
        self.value = nn.Linear(model_size, key_value_head_count * self.head_size)
        self.output = nn.Linear(model_size, model_size)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor] | None, mask: Tensor) -> Tensor:
        query, key, value = (self.split(part(x)) for part in (self.query, self.key, self.value))
        if rotation is not None:
            query, key = rotate(query, rotation), rotate(key, rotation)
        y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
        return self.output(y.transpose(-3, -2).flatten(-2))

    def split(self, x: Tensor) -> Tensor:
        """[..., frames, heads * head_size] to [..., heads, frames, head_size]."""
        return x.unflatten(-1, (-1, self.head_size)).transpose(-3, -2)


class FeedForward(nn.Module):
    def __init__(self, model_size: int, feed_forward_size: int, activation: str):
        super().__init__()
        self.activation = activation
        self.up = nn.Linear(model_size, feed_forward_size)
        self.down = nn.Linear(feed_forward_size, model_size)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(ACTIVATIONS[self.activation](self.up(x)))


def angles(
    positions: Tensor, size: int, base: float, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    """cos and sin of position * base^(-2i / size), [frames, size / 2]; phases are always float64."""
    index = torch.arange(size // 2, dtype=torch.float64)
    angle = positions.double()[:, None] * base ** (-2 * index / size)
    return angle.cos().to(dtype), angle.sin().to(dtype)


def rotate(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """Dimensions i and i + head_size / 2 are a pair: (a, b) -> (a cos - b sin, b cos + a sin)."""
    cos, sin = rotation
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
