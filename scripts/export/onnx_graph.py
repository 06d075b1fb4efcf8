"""Lockstep's models as ONNX graphs of one call: frames and states in, outputs and the next states out.

`graph_of(model)` takes a model file as `ModelFile` reads it. Names are those of the model file; every state NAME
comes out as NAME_out, which Lockstep pairs by itself.
"""

import json
import math
import struct
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


class Refusal(Exception):
    """What cannot be exported, in a sentence."""


class ModelFile:
    """A model file of format 1: tensors as float32, and the JSON of its metadata."""

    def __init__(self, path):
        data = Path(path).read_bytes()
        try:
            (length,) = struct.unpack("<Q", data[:8])
            header = json.loads(data[8 : 8 + length])
            metadata = header.pop("__metadata__")
            if metadata["lockstep.format"] != "1":
                raise KeyError
            self.architecture = metadata["architecture"]
            self.configuration = json.loads(metadata["configuration"])
            self.front_end = json.loads(metadata["front_end"])
            self.outputs = json.loads(metadata["outputs"])
        except (KeyError, ValueError, struct.error) as error:
            raise Refusal("is no model file of format 1, expected one") from error
        body = data[8 + length :]
        self.tensors = {
            name: values(entry["dtype"], body[slice(*entry["data_offsets"])]).reshape(
                entry["shape"]
            )
            for name, entry in header.items()
        }


def values(kind: str, data: bytes) -> numpy.ndarray:
    """Float32 of what safetensors has as F32, F16 or BF16."""
    if kind == "BF16":
        return (numpy.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    return numpy.frombuffer(data, {"F32": "<f4", "F16": "<f2"}[kind]).astype(numpy.float32)


class Graph:
    """Nodes one after the other; each method returns the name of what it makes."""

    def __init__(self, name: str):
        self.name, self.nodes, self.initializers = name, [], []
        self.inputs, self.outputs, self.count = [], [], 0

    def node(self, kind: str, *inputs: str, outputs: int = 1, name: str = "", **attributes):
        self.count += 1
        made = [name or f"{kind.lower()}_{self.count}"] + [
            f"{kind.lower()}_{self.count}_{index}" for index in range(1, outputs)
        ]
        self.nodes.append(helper.make_node(kind, inputs, made, **attributes))
        return made[0] if outputs == 1 else made

    def constant(self, value, dtype=numpy.float32) -> str:
        self.count += 1
        name = f"constant_{self.count}"
        array = numpy.ascontiguousarray(numpy.asarray(value, dtype))
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def integers(self, *values: int) -> str:
        return self.constant(values, numpy.int64)

    def input(self, name: str, shape: list[int], kind: int = FLOAT) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, value: str, name: str, shape: list[int], kind: int = FLOAT):
        self.node("Identity", value, name=name)
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def linear(self, x: str, weight: numpy.ndarray, bias: numpy.ndarray) -> str:
        """`x @ weight.T + bias`, as `torch.nn.Linear`."""
        return self.node("Add", self.node("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def model(self, signature: dict) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes, self.name, self.inputs, self.outputs, self.initializers
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9,
            producer_name="lockstep",
        )
        helper.set_model_props(model, {"lockstep": json.dumps(signature)})
        onnx.checker.check_model(model)
        return model


def graph_of(file: ModelFile, chunk=None, left_context=None) -> onnx.ModelProto:
    """The model with its signature in its metadata."""
    graph = Graph(file.architecture)
    if file.architecture in RECURRENT:
        if chunk is not None or left_context is not None:
            raise Refusal(f"architecture {file.architecture} has no chunk and no left context")
        y = recurrent(graph, file)
        settings = {}
    elif file.architecture == "streaming_transformer":
        y, settings = transformer(graph, file, chunk, left_context)
    else:
        raise Refusal(f"architecture {file.architecture} is not exported, expected one of ours")
    activation = {"sigmoid": ["Sigmoid"], "softmax": ["Softmax"], "none": ["Identity"]}
    y = graph.node(*activation[file.outputs["activation"]], y)
    size = file.configuration["output_size"]
    graph.output(y, "output", [1, settings.get("chunk", 1), size])
    graph.outputs.insert(0, graph.outputs.pop())
    front_end = dict(file.front_end)
    for key in ("mean", "std"):
        if f"front_end.{key}" in file.tensors:
            front_end[key] = [float(x) for x in file.tensors[f"front_end.{key}"]]
    outputs = {"tensor": "output", "activation": "none", "labels": file.outputs["labels"]}
    return graph.model({"front_end": front_end, "input": "input", **settings, "outputs": outputs})


# Of a layer: the ONNX node, and where PyTorch's gates stand in ONNX's order.
RECURRENT = {"lstm": ("LSTM", [0, 3, 1, 2]), "gru": ("GRU", [1, 0, 2]), "rnn": ("RNN", [0])}


def recurrent(graph: Graph, file: ModelFile) -> str:
    """One frame a call; states h_k [1, 1, hidden], and c_k of an LSTM."""
    c, t = file.configuration, file.tensors
    kind, order = RECURRENT[file.architecture]
    hidden = c["hidden_size"]
    x = graph.input("input", [1, 1, c["input_size"]])
    if c["projection_size"]:
        x = graph.linear(x, t["input_projection.weight"], t["input_projection.bias"])

    def gates(name: str) -> numpy.ndarray:
        parts = numpy.split(t[f"{file.architecture}.{name}"], len(order))
        return numpy.concatenate([parts[place] for place in order])

    states = []
    for layer in range(c["layer_count"]):
        names = ["h", "c"] if kind == "LSTM" else ["h"]
        given = [graph.input(f"{name}_{layer}", [1, 1, hidden]) for name in names]
        bias = numpy.concatenate([gates(f"bias_ih_l{layer}"), gates(f"bias_hh_l{layer}")])
        options = {"hidden_size": hidden}
        if kind == "GRU":
            options["linear_before_reset"] = 1  # the reset gate is applied behind W_hn h + b_hn
        if kind == "RNN":
            options["activations"] = [c["nonlinearity"].capitalize()]
        made = graph.node(
            kind, x, graph.constant(gates(f"weight_ih_l{layer}")[None]),
            graph.constant(gates(f"weight_hh_l{layer}")[None]), graph.constant(bias[None]), "",
            *given, outputs=1 + len(given), **options,
        )
        # [frames, directions, batch, hidden] has one direction.
        x = graph.node("Squeeze", made[0], graph.integers(1))
        states += zip(made[1:], given)
    for value, name in states:
        graph.output(value, f"{name}_out", [1, 1, hidden])
    return graph.linear(x, t["head.weight"], t["head.bias"])


KNOWN = {
    "input_size", "model_size", "head_count", "feed_forward_size", "layer_count", "output_size",
    "mask", "chunk_size", "left_context", "activation", "norm_epsilon", "rotary_base",
    "max_left_context", "chunk_sizes", "positions", "norm", "norm_position", "final_norm",
    "key_value_head_count", "sink_count",
}  # fmt: skip


def transformer(graph: Graph, file: ModelFile, chunk, left_context) -> tuple[str, dict]:
    """A chunk a call; states position [1], and the last left_context keys and values of each layer."""
    c, t = file.configuration, file.tensors
    if unknown := set(c) - KNOWN:
        raise Refusal(f"configuration has {', '.join(sorted(unknown))}, which is not exported")
    if c.get("sink_count", 0):
        raise Refusal(f"sink_count is {c['sink_count']}, which is not exported, expected 0")
    chunk = c["chunk_size"] if chunk is None else chunk
    left = c["left_context"] if left_context is None else left_context
    allowed = c.get("chunk_sizes")
    if chunk < 1 or (c["mask"] == "chunk" and allowed and chunk not in allowed):
        raise Refusal(f"chunk is {chunk}, expected one of {allowed or 'at least 1'}")
    if not 0 <= left <= c["max_left_context"]:
        raise Refusal(f"left context is {left}, expected 0 to {c['max_left_context']}")
    heads, size = c["head_count"], c["model_size"]
    kv_heads = c.get("key_value_head_count", heads)
    head_size = size // heads
    block = Block(graph, file, chunk)

    x = graph.input("input", [1, chunk, c["input_size"]])
    position = graph.input("position", [1], INT64)
    valid = graph.input("valid_frames", [1], INT64)
    ring = [
        [graph.input(f"{kind}_{layer}", [1, kv_heads, left, head_size]) for kind in ("key", "value")]
        if left
        else []
        for layer in range(c["layer_count"])
    ]
    mask = attention_mask(graph, c["mask"], chunk, left, position, valid)
    x = graph.linear(x, t["input_projection.weight"], t["input_projection.bias"])
    places = graph.node("Add", position, graph.integers(*range(chunk)))
    rotation = None
    kind = c.get("positions", "rotary")
    if kind == "rotary":
        rotation = angles(graph, places, head_size, c["rotary_base"], chunk)
    elif kind == "sinusoidal":
        cos, sin = angles(graph, places, size, 10000.0, chunk)
        pairs = [graph.node("Unsqueeze", a, graph.integers(2)) for a in (sin, cos)]
        both = graph.node("Concat", *pairs, axis=2)
        x = graph.node("Add", x, graph.node("Reshape", both, graph.integers(1, chunk, size)))
    for layer in range(c["layer_count"]):
        x, states = block(layer, x, rotation, mask, ring[layer], left)
        for name, value in zip(ring[layer], states):
            graph.output(value, f"{name}_out", [1, kv_heads, left, head_size])
    graph.output(
        graph.node("Add", position, graph.integers(chunk)), "position_out", [1], INT64
    )
    if c.get("final_norm", c.get("norm_position", "pre") == "pre"):
        x = block.norm(x, "norm")
    y = graph.linear(x, t["head.weight"], t["head.bias"])
    return y, {"chunk": chunk, "valid_frames": "valid_frames"}


def attention_mask(graph: Graph, kind: str, chunk: int, left: int, position: str, valid: str) -> str:
    """0 where a frame (row) sees a key (column), -inf elsewhere, [chunk, left + chunk]. Key j is at
    position - left + j; none is before position 0, none behind the last frame."""
    key = numpy.arange(left + chunk)
    frame = numpy.arange(chunk)[:, None]
    window = (key >= frame) & (key <= frame + left) if kind == "causal" else frame + key >= 0
    keys = graph.constant(key, numpy.int64)
    begun = graph.node("GreaterOrEqual", graph.node("Add", keys, position), graph.integers(left))
    there = graph.node("Less", keys, graph.node("Add", valid, graph.integers(left)))
    seen = graph.node("And", graph.constant(window, bool), graph.node("And", begun, there))
    # Rows behind the last frame see themselves, so that no softmax is over nothing.
    itself = graph.constant(key == frame + left, bool)
    return graph.node(
        "Where", graph.node("Or", seen, itself), graph.constant(0.0), graph.constant(-math.inf)
    )


def angles(graph: Graph, places: str, size: int, base: float, chunk: int) -> tuple[str, str]:
    """cos and sin [chunk, size / 2] of position x base^(-2i / size), with the phase in float64."""
    frequency = base ** (-2 * numpy.arange(size // 2, dtype=numpy.float64) / size)
    places = graph.node("Cast", places, to=TensorProto.DOUBLE)
    column = graph.node("Reshape", places, graph.integers(chunk, 1))
    angle = graph.node("Mul", column, graph.constant(frequency, numpy.float64))
    return tuple(
        graph.node("Cast", graph.node(kind, angle), to=FLOAT) for kind in ("Cos", "Sin")
    )


class Block:
    """Attention and feed-forward of a layer, with norms before or behind them."""

    def __init__(self, graph: Graph, file: ModelFile, chunk: int):
        self.graph, self.tensors, self.chunk = graph, file.tensors, chunk
        self.c = file.configuration

    def __call__(self, layer: int, x: str, rotation, mask: str, ring: list[str], left: int):
        name = f"layers.{layer}"
        g = self.graph
        if self.c.get("norm_position", "pre") == "pre":
            y, states = self.attention(
                name, self.norm(x, f"{name}.attention_norm"), rotation, mask, ring, left
            )
            x = g.node("Add", x, y)
            y = self.feed_forward(name, self.norm(x, f"{name}.feed_forward_norm"))
            return g.node("Add", x, y), states
        y, states = self.attention(name, x, rotation, mask, ring, left)
        x = self.norm(g.node("Add", x, y), f"{name}.attention_norm")
        x = g.node("Add", x, self.feed_forward(name, x))
        return self.norm(x, f"{name}.feed_forward_norm"), states

    def linear(self, x: str, name: str) -> str:
        return self.graph.linear(x, self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"])

    def norm(self, x: str, name: str) -> str:
        g, epsilon = self.graph, self.c["norm_epsilon"]
        weight = g.constant(self.tensors[f"{name}.weight"])
        if self.c.get("norm", "layer") == "layer":
            bias = g.constant(self.tensors[f"{name}.bias"])
            return g.node("LayerNormalization", x, weight, bias, axis=-1, epsilon=epsilon)
        mean = g.node("ReduceMean", g.node("Mul", x, x), g.integers(-1))
        root = g.node("Sqrt", g.node("Add", mean, g.constant(epsilon)))
        return g.node("Mul", g.node("Div", x, root), weight)

    def heads(self, x: str, count: int) -> str:
        """[1, chunk, size] to [1, heads, chunk, head size]."""
        split = self.graph.node("Reshape", x, self.graph.integers(1, self.chunk, count, -1))
        return self.graph.node("Transpose", split, perm=[0, 2, 1, 3])

    def attention(self, name: str, x: str, rotation, mask: str, ring: list[str], left: int):
        g, count = self.graph, self.c["head_count"]
        kv_count = self.c.get("key_value_head_count", count)
        head_size = self.c["model_size"] // count
        query = self.heads(self.linear(x, f"{name}.attention.query"), count)
        key = self.heads(self.linear(x, f"{name}.attention.key"), kv_count)
        value = self.heads(self.linear(x, f"{name}.attention.value"), kv_count)
        if rotation:
            query, key = self.rotate(query, rotation), self.rotate(key, rotation)
        states = []
        if ring:
            key = g.node("Concat", ring[0], key, axis=2)
            value = g.node("Concat", ring[1], value, axis=2)
            # The newest are kept.
            begin, end = g.integers(self.chunk), g.integers(left + self.chunk)
            states = [g.node("Slice", all_, begin, end, g.integers(2)) for all_ in (key, value)]
        if kv_count != count:
            shape = [1, kv_count, count // kv_count, left + self.chunk, head_size]
            key, value = (self.repeated(all_, shape, count) for all_ in (key, value))
        query = g.node("Mul", query, g.constant(1 / math.sqrt(head_size)))
        scores = g.node("MatMul", query, g.node("Transpose", key, perm=[0, 1, 3, 2]))
        weights = g.node("Softmax", g.node("Add", scores, mask), axis=-1)
        y = g.node("Transpose", g.node("MatMul", weights, value), perm=[0, 2, 1, 3])
        y = g.node("Reshape", y, g.integers(1, self.chunk, self.c["model_size"]))
        return self.linear(y, f"{name}.attention.output"), states

    def repeated(self, x: str, shape: list[int], count: int) -> str:
        """Key or value heads, each for as many query heads as share it."""
        g = self.graph
        wide = g.node("Expand", g.node("Unsqueeze", x, g.integers(2)), g.integers(*shape))
        return g.node("Reshape", wide, g.integers(1, count, *shape[3:]))

    def rotate(self, x: str, rotation: tuple[str, str]) -> str:
        """Dimensions i and i + head_size / 2 are a pair: (a, b) -> (a cos - b sin, b cos + a sin)."""
        g, (cos, sin) = self.graph, rotation
        a, b = g.node("Split", x, outputs=2, axis=-1, num_outputs=2)
        turned = (
            g.node("Sub", g.node("Mul", a, cos), g.node("Mul", b, sin)),
            g.node("Add", g.node("Mul", b, cos), g.node("Mul", a, sin)),
        )
        return g.node("Concat", *turned, axis=-1)

    def feed_forward(self, name: str, x: str) -> str:
        x = self.activate(self.linear(x, f"{name}.feed_forward.up"))
        return self.linear(x, f"{name}.feed_forward.down")

    def activate(self, x: str) -> str:
        g = self.graph
        kind = self.c["activation"]
        if kind == "relu":
            return g.node("Relu", x)
        if kind == "silu":
            return g.node("Mul", x, g.node("Sigmoid", x))
        half = g.node("Mul", x, g.constant(0.5))
        if kind == "gelu":
            inner = g.node("Erf", g.node("Mul", x, g.constant(1 / math.sqrt(2))))
        elif kind == "gelu_tanh":
            cube = g.node("Mul", g.node("Mul", x, x), x)
            sum_ = g.node("Add", x, g.node("Mul", cube, g.constant(0.044715)))
            inner = g.node("Tanh", g.node("Mul", sum_, g.constant(math.sqrt(2 / math.pi))))
        else:
            raise Refusal(f"activation is {kind}, which is not exported")
        return g.node("Mul", half, g.node("Add", inner, g.constant(1.0)))
