"""Any model of one of the architectures, from its tensors and a map of names."""

import torch

from .checking import CheckReport, stored_frames, write_checked
from .front_ends import FrontEnd
from .refusal import ExportRefused, finite, ignored

GATES = {"lstm": 4, "gru": 3, "rnn": 1}


def export_state_dict(
    path,
    state: dict[str, torch.Tensor],
    *,
    architecture: str,
    configuration: dict,
    names: dict,
    front_end: FrontEnd,
    labels,
    run,
    activation: str = "none",
    provenance: dict | None = None,
    frames=None,
    ignore=(),
    **check,
) -> CheckReport:
    """Writes the tensors of `state` under the names of the model file.

    names: {name in the model file: name in state, or (name in state, first row, row behind the last)}.
      A tensor that has the same name in both need not be named.
    run: computes the head's values [frames, outputs] of [frames, inputs].
    Every tensor of the architecture must be there, and none of `state` left over but those of `ignore`.
    """
    wanted = tensor_shapes(architecture, configuration)
    for name in names:
        if name not in wanted:
            raise ExportRefused(f"names has {name}, which is no tensor of {architecture}")
    tensors, used = {}, set()
    for name, shape in wanted.items():
        source = names.get(name, name)
        key, *rows = source if isinstance(source, (tuple, list)) else (source,)
        if key not in state:
            raise ExportRefused(f"{name} {list(shape)} is missing: the state has no {key}")
        value = state[key][slice(*rows)] if rows else state[key]
        if tuple(value.shape) != shape:
            hint = ": it looks transposed" if tuple(value.shape) == shape[::-1] else ""
            raise ExportRefused(
                f"{key} is {list(value.shape)}, expected {list(shape)} for {name}{hint}"
            )
        used.add(key)
        tensors[name] = finite(key, value)
    for key in state:
        if key not in used and not ignored(key, ignore):
            raise ExportRefused(
                f"{key} {list(state[key].shape)} is left over: no tensor of {architecture} has that name"
            )
    longest = configuration.get("left_context")
    frames = stored_frames(
        frames, configuration["input_size"], None if longest is None else longest + 1
    )
    with torch.no_grad():
        values = run(frames)
    return write_checked(
        path, architecture, configuration, tensors, front_end, labels, activation, provenance,
        frames, torch.as_tensor(values), **check,
    )  # fmt: skip


def tensor_shapes(architecture: str, c: dict) -> dict[str, tuple[int, ...]]:
    """Every tensor of an architecture, as docs/model-file.md lists them."""
    shapes: dict[str, tuple[int, ...]] = {}

    def linear(name, inputs, outputs):
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (outputs, inputs), (outputs,)

    if architecture in GATES:
        hidden, gates, inputs = c["hidden_size"], GATES[architecture], c["input_size"]
        if c["projection_size"]:
            linear("input_projection", inputs, c["projection_size"])
            inputs = c["projection_size"]
        for k in range(c["layer_count"]):
            size = inputs if k == 0 else hidden
            shapes[f"{architecture}.weight_ih_l{k}"] = (gates * hidden, size)
            shapes[f"{architecture}.weight_hh_l{k}"] = (gates * hidden, hidden)
            shapes[f"{architecture}.bias_ih_l{k}"] = (gates * hidden,)
            shapes[f"{architecture}.bias_hh_l{k}"] = (gates * hidden,)
        linear("head", hidden, c["output_size"])
        return shapes
    if architecture != "streaming_transformer":
        raise ExportRefused(
            f"architecture is {architecture}, expected lstm, gru, rnn or streaming_transformer"
        )
    size = c["model_size"]
    keys = c.get("key_value_head_count", c["head_count"]) * (size // c["head_count"])

    def norm(name):
        shapes[f"{name}.weight"] = (size,)
        if c.get("norm", "layer") == "layer":
            shapes[f"{name}.bias"] = (size,)

    linear("input_projection", c["input_size"], size)
    for k in range(c["layer_count"]):
        norm(f"layers.{k}.attention_norm")
        for part, width in (("query", size), ("key", keys), ("value", keys), ("output", size)):
            linear(f"layers.{k}.attention.{part}", size, width)
        norm(f"layers.{k}.feed_forward_norm")
        linear(f"layers.{k}.feed_forward.up", size, c["feed_forward_size"])
        linear(f"layers.{k}.feed_forward.down", c["feed_forward_size"], size)
    if c.get("final_norm", c.get("norm_position", "pre") == "pre"):
        norm("norm")
    linear("head", size, c["output_size"])
    return shapes
