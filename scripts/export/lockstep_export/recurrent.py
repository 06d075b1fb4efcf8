"""nn.LSTM, nn.GRU and nn.RNN with a linear head, and with a linear layer before them if there is one."""

import torch
from torch import nn

from .checking import CheckReport, stored_frames, write_checked
from .front_ends import FrontEnd
from .refusal import ExportRefused, check_whole, finite, linear, name_of

ARCHITECTURES = {nn.LSTM: ("lstm", 4), nn.GRU: ("gru", 3), nn.RNN: ("rnn", 1)}


def export_recurrent(
    path,
    module: nn.Module | None,
    *,
    layers: nn.RNNBase,
    head: nn.Linear,
    projection: nn.Linear | None = None,
    front_end: FrontEnd,
    labels,
    activation: str = "none",
    provenance: dict | None = None,
    frames=None,
    run=None,
    ignore=(),
    **check,
) -> CheckReport:
    """Writes head(layers(projection(frames))).

    module: what the layers are parts of, so that nothing of it is forgotten; None where there is no more.
    run: what computes the head's values of [batch, frames, inputs] (or [frames, batch, inputs] where the
      layers are not batch_first), or their pair with a state; by default the module, or the layers alone.
    frames: [frames, inputs] to compare with; by default random ones.
    activation: what the file applies to the head's values: none, sigmoid or softmax.
    ignore: names of modules, parameters and buffers that the outputs do not need, such as a loss's.
    check: lockstep, tolerance, golden, values_are_outputs, blank: see `write_checked`.
    """
    kind = type(layers)
    name = name_of(layers, module, "layers")
    if kind not in ARCHITECTURES:
        raise ExportRefused(f"{name} is a {kind.__name__}, expected nn.LSTM, nn.GRU or nn.RNN")
    if layers.bidirectional:
        raise ExportRefused(
            f"{name} is bidirectional: its backward half needs the end of the stream, which a live "
            "stream does not have"
        )
    if getattr(layers, "proj_size", 0):
        raise ExportRefused(
            f"{name}.proj_size is {layers.proj_size}, expected 0: the model file has no projected state"
        )
    check_whole(module, {"layers": layers, "head": head, "projection": projection}, ignore)
    architecture, gates = ARCHITECTURES[kind]
    configuration = dict(
        input_size=layers.input_size,
        projection_size=0,
        hidden_size=layers.hidden_size,
        layer_count=layers.num_layers,
    )
    tensors = {}
    if projection is not None:
        where = name_of(projection, module, "projection")
        part = linear(projection, where, None, layers.input_size)
        tensors |= {f"input_projection.{key}": value for key, value in part.items()}
        configuration |= dict(
            input_size=projection.in_features, projection_size=projection.out_features
        )
    for k in range(layers.num_layers):
        inputs = layers.input_size if k == 0 else layers.hidden_size
        for key, shape in (
            (f"weight_ih_l{k}", (gates * layers.hidden_size, inputs)),
            (f"weight_hh_l{k}", (gates * layers.hidden_size, layers.hidden_size)),
            (f"bias_ih_l{k}", (gates * layers.hidden_size,)),
            (f"bias_hh_l{k}", (gates * layers.hidden_size,)),
        ):
            if key.startswith("bias") and not layers.bias:
                tensors[f"{architecture}.{key}"] = torch.zeros(shape)
                continue
            value = finite(f"{name}.{key}", getattr(layers, key))
            if tuple(value.shape) != shape:
                raise ExportRefused(f"{name}.{key} is {list(value.shape)}, expected {list(shape)}")
            tensors[f"{architecture}.{key}"] = value
    where = name_of(head, module, "head")
    part = linear(head, where, layers.hidden_size, None)
    tensors |= {f"head.{key}": value for key, value in part.items()}
    configuration["output_size"] = head.out_features
    if architecture == "rnn":
        configuration["nonlinearity"] = layers.nonlinearity

    frames = stored_frames(frames, configuration["input_size"])
    batch = 0 if layers.batch_first else 1
    parameter = next(layers.parameters())
    given = frames.to(parameter.device, parameter.dtype).unsqueeze(batch)

    def parts_alone(x):
        return head(layers(x if projection is None else projection(x))[0])

    with torch.no_grad():
        values = (run or module or parts_alone)(given)
    values = values[0] if isinstance(values, (tuple, list)) else values
    return write_checked(
        path, architecture, configuration, tensors, front_end, labels, activation, provenance,
        frames, values.squeeze(batch), **check,
    )  # fmt: skip
