"""A stock nn.TransformerEncoder with a linear layer before it and a linear head."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from .checking import CheckReport, stored_frames, write_checked
from .front_ends import FrontEnd
from .refusal import ExportRefused, check_whole, finite, linear, name_of


def export_transformer(
    path,
    module: nn.Module | None,
    *,
    encoder: nn.TransformerEncoder,
    head: nn.Linear,
    projection: nn.Linear | None = None,
    projection_scale: float = 1.0,
    positions: str = "none",
    mask: str = "causal",
    left_context: int,
    chunk_size: int = 1,
    chunk_sizes=None,
    front_end: FrontEnd,
    labels,
    activation: str = "none",
    provenance: dict | None = None,
    frames=None,
    run=None,
    ignore=(),
    **check,
) -> CheckReport:
    """Writes head(encoder(projection(frames) * projection_scale + positions)).

    module: what the encoder is a part of, so that nothing of it is forgotten. It is run, too, unless `run`
      is given: it must mask as the file says; a causal mask without a window is the same as long as no more
      frames are compared than left_context + 1, and only so many are where `frames` is not given.
    positions: none, or sinusoidal: x[2i] += sin(p 10000^(-2i / size)), x[2i + 1] += cos of the same.
    mask: causal, or chunk: a frame sees its whole chunk and left_context frames before the chunk.
    ignore: names of modules, parameters and buffers that the outputs do not need; the table of sinusoidal
      positions is one.
    Everything else as `export_recurrent` has it. Inputs of `run` are [1, frames, inputs], or [frames, 1,
    inputs] where the encoder is not batch_first.
    """
    if positions not in ("none", "sinusoidal"):
        raise ExportRefused(f"positions is {positions}, expected none or sinusoidal")
    if mask not in ("causal", "chunk"):
        raise ExportRefused(f"mask is {mask}, expected causal or chunk")
    name = name_of(encoder, module, "encoder")
    if type(encoder) is not nn.TransformerEncoder:
        raise ExportRefused(f"{name} is a {type(encoder).__name__}, expected nn.TransformerEncoder")
    check_whole(module, {"encoder": encoder, "head": head, "projection": projection}, ignore)
    layers = list(encoder.layers)
    parts = [layer_parts(layer, f"{name}.layers.{k}") for k, layer in enumerate(layers)]
    shared = {}
    for k, (facts, _) in enumerate(parts):
        for key, value in facts.items():
            if shared.setdefault(key, value) != value:
                raise ExportRefused(
                    f"{name}.layers.{k} has {key} {value}, expected the {shared[key]} of layer 0"
                )
    size = shared["model_size"]
    tensors = input_projection(projection, module, size, projection_scale)
    for k, (_, own) in enumerate(parts):
        tensors |= {f"layers.{k}.{key}": value for key, value in own.items()}
    if encoder.norm is not None:
        kind, epsilon, own = norm_parts(encoder.norm, f"{name}.norm", size)
        if (kind, epsilon) != (shared["norm"], shared["norm_epsilon"]):
            raise ExportRefused(
                f"{name}.norm is a {kind} norm with eps {epsilon}, expected that of the layers: "
                f"{shared['norm']} with {shared['norm_epsilon']}"
            )
        tensors |= {f"norm.{key}": value for key, value in own.items()}
    part = linear(head, name_of(head, module, "head"), size, None)
    tensors |= {f"head.{key}": value for key, value in part.items()}
    configuration = dict(
        input_size=size if projection is None else projection.in_features,
        model_size=size,
        head_count=shared["head_count"],
        feed_forward_size=shared["feed_forward_size"],
        layer_count=len(layers),
        output_size=head.out_features,
        mask=mask,
        chunk_size=chunk_size,
        left_context=left_context,
        activation=shared["activation"],
        norm_epsilon=shared["norm_epsilon"],
        max_left_context=left_context,
        positions=positions,
        norm=shared["norm"],
        norm_position=shared["norm_position"],
        final_norm=encoder.norm is not None,
    )
    if chunk_sizes is not None or mask == "chunk":
        configuration["chunk_sizes"] = list(chunk_sizes or [chunk_size])

    longest = left_context + (1 if mask == "causal" else chunk_size)
    frames = stored_frames(frames, configuration["input_size"], longest)
    batch = 0 if shared["batch_first"] else 1
    parameter = next(encoder.parameters())
    given = frames.to(parameter.device, parameter.dtype).unsqueeze(batch)

    def parts_alone(x):
        x = (x if projection is None else projection(x)) * projection_scale
        if positions == "sinusoidal":
            x = x + sinusoids(len(frames), size).to(x).unsqueeze(batch)
        hidden = hidden_keys(len(frames), mask, chunk_size, left_context).to(x.device)
        return head(encoder(x, mask=hidden))

    with torch.no_grad():
        values = (run or module or parts_alone)(given)
    values = values[0] if isinstance(values, (tuple, list)) else values
    return write_checked(
        path, "streaming_transformer", configuration, tensors, front_end, labels, activation,
        provenance, frames, values.squeeze(batch), **check,
    )  # fmt: skip


def input_projection(projection, module, size: int, scale: float) -> dict[str, torch.Tensor]:
    """Without one, frames go in as they are."""
    if projection is None:
        part = {"weight": torch.eye(size), "bias": torch.zeros(size)}
    else:
        part = linear(projection, name_of(projection, module, "projection"), None, size)
    if not math.isfinite(scale):
        raise ExportRefused(f"projection_scale is {scale}, expected a finite number")
    return {f"input_projection.{key}": value * scale for key, value in part.items()}


def layer_parts(layer, name: str) -> tuple[dict, dict[str, torch.Tensor]]:
    """What all layers must have in common, and the tensors of one, by the model file's names."""
    if type(layer) is not nn.TransformerEncoderLayer:
        raise ExportRefused(f"{name} is a {type(layer).__name__}, expected nn.TransformerEncoderLayer")
    attention = layer.self_attn
    if type(attention) is not nn.MultiheadAttention:
        raise ExportRefused(
            f"{name}.self_attn is a {type(attention).__name__}, expected nn.MultiheadAttention"
        )
    size = attention.embed_dim
    if attention.in_proj_weight is None:
        raise ExportRefused(
            f"{name}.self_attn has kdim {attention.kdim} and vdim {attention.vdim}, expected "
            f"{size}, its embed_dim"
        )
    if attention.bias_k is not None or attention.add_zero_attn:
        raise ExportRefused(f"{name}.self_attn has add_bias_kv or add_zero_attn, expected neither")
    if attention.head_dim % 2:
        raise ExportRefused(f"{name}.self_attn has heads of {attention.head_dim}, expected an even size")
    tensors = {}
    weights = finite(f"{name}.self_attn.in_proj_weight", attention.in_proj_weight)
    biases = attention.in_proj_bias
    biases = torch.zeros(3 * size) if biases is None else biases
    biases = finite(f"{name}.self_attn.in_proj_bias", biases)
    for part, weight, bias in zip(
        ("query", "key", "value"), weights.split(size), biases.split(size)
    ):
        tensors |= {f"attention.{part}.weight": weight, f"attention.{part}.bias": bias}
    wide = layer.linear1.out_features
    output = attention.out_proj
    bias = torch.zeros(size) if output.bias is None else output.bias
    tensors["attention.output.weight"] = finite(f"{name}.self_attn.out_proj.weight", output.weight)
    tensors["attention.output.bias"] = finite(f"{name}.self_attn.out_proj.bias", bias)
    for part, other, inputs, outputs in (
        ("up", "linear1", size, wide),
        ("down", "linear2", wide, size),
    ):
        own = linear(getattr(layer, other), f"{name}.{other}", inputs, outputs)
        tensors |= {f"feed_forward.{part}.{key}": value for key, value in own.items()}
    kinds = []
    for part, other in (("attention_norm", "norm1"), ("feed_forward_norm", "norm2")):
        kind, epsilon, own = norm_parts(getattr(layer, other), f"{name}.{other}", size)
        kinds.append((kind, epsilon))
        tensors |= {f"{part}.{key}": value for key, value in own.items()}
    if kinds[0] != kinds[1]:
        raise ExportRefused(f"{name}.norm1 is {kinds[0]} and norm2 {kinds[1]}, expected the same")
    facts = dict(
        model_size=size,
        head_count=attention.num_heads,
        feed_forward_size=wide,
        activation=activation_name(layer.activation, f"{name}.activation"),
        norm=kinds[0][0],
        norm_epsilon=kinds[0][1],
        norm_position="pre" if layer.norm_first else "post",
        batch_first=attention.batch_first,
    )
    return facts, tensors


def activation_name(activation, name: str) -> str:
    if activation is F.relu or type(activation) is nn.ReLU or activation is torch.relu:
        return "relu"
    if activation is F.silu or type(activation) is nn.SiLU:
        return "silu"
    if activation is F.gelu:
        return "gelu"
    if type(activation) is nn.GELU:
        return "gelu" if activation.approximate == "none" else "gelu_tanh"
    found = getattr(activation, "__name__", type(activation).__name__)
    raise ExportRefused(f"{name} is {found}, expected relu, gelu or silu")


def norm_parts(norm, name: str, size: int) -> tuple[str, float, dict[str, torch.Tensor]]:
    kind = {nn.LayerNorm: "layer", getattr(nn, "RMSNorm", None): "rms"}.get(type(norm))
    if kind is None:
        raise ExportRefused(f"{name} is a {type(norm).__name__}, expected nn.LayerNorm or nn.RMSNorm")
    if tuple(norm.normalized_shape) != (size,):
        raise ExportRefused(f"{name} is over {list(norm.normalized_shape)}, expected [{size}]")
    epsilon = torch.finfo(torch.float32).eps if norm.eps is None else norm.eps
    weight = torch.ones(size) if norm.weight is None else norm.weight
    tensors = {"weight": finite(f"{name}.weight", weight)}
    if kind == "layer":
        bias = torch.zeros(size) if norm.bias is None else norm.bias
        tensors["bias"] = finite(f"{name}.bias", bias)
    return kind, float(epsilon), tensors


def hidden_keys(count: int, mask: str, chunk_size: int, left_context: int) -> torch.Tensor:
    """bool [frames, frames]: which key (column) the frame of a row does not see."""
    query, key = torch.arange(count)[:, None], torch.arange(count)[None, :]
    if mask == "causal":
        return (key > query) | (key < query - left_context)
    start = query // chunk_size * chunk_size
    return (key >= start + chunk_size) | (key < start - left_context)


def sinusoids(count: int, size: int) -> torch.Tensor:
    index = torch.arange(size // 2, dtype=torch.float64)
    angle = torch.arange(count, dtype=torch.float64)[:, None] * 10000.0 ** (-2 * index / size)
    return torch.stack((angle.sin(), angle.cos()), -1).flatten(-2)
