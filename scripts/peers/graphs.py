"""The workloads as ONNX graphs with their state as inputs and outputs, and their int8 versions."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LSTMS = {"L1": (40, 128, 1), "L2": (80, 256, 2), "L3": (80, 512, 2)}
# input, model size, heads, layers, window
TRANSFORMERS = {
    "T1": (40, 128, 4, 2, 128),
    "T2": (80, 256, 4, 4, 256),
    "T3": (80, 512, 8, 6, 256),
}


class Workload:
    """A name such as L2, L2x64, T2c16 or T2c1x64: the model, frames a call and streams."""

    def __init__(self, name):
        self.name = name
        rest, _, streams = name.partition("x")
        self.model, _, chunk = rest.partition("c")
        self.chunk = int(chunk or 1)
        self.streams = int(streams or 1)
        self.is_lstm = self.model in LSTMS


class Graph:
    """Collects nodes and weights; tensor 0 is x and y, tensor i state i in and out."""

    def __init__(self):
        self.random = np.random.default_rng(1)
        self.nodes, self.weights, self.inputs, self.outputs = [], [], [], []

    def constant(self, name, values):
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def weight(self, name, *shape):
        scale = 1 / np.sqrt(shape[-2]) if len(shape) > 1 else 0.05
        return self.constant(
            name, (self.random.uniform(-1, 1, shape) * scale).astype(np.float32)
        )

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output

    def linear(self, name, x, rows, columns):
        product = self.node("MatMul", [x, self.weight(name + ".w", rows, columns)], name + ".p")
        return self.node("Add", [product, self.weight(name + ".b", columns)], name)

    def put(self, name, shape):
        self.inputs.append((name, list(shape)))
        return name

    def give(self, name, shape):
        self.outputs.append((name, list(shape)))

    def save(self, path):
        def described(tensors):
            return [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in tensors]

        graph = helper.make_graph(
            self.nodes, "peer", described(self.inputs), described(self.outputs), self.weights
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        onnx.save(model, path)


def lstm(workload):
    """One LSTM node a layer over one step, as ONNX has it, and the head."""
    size, hidden, layers = LSTMS[workload.model]
    n = workload.streams
    graph = Graph()
    x = graph.put("x", (1, n, size))
    states = []
    for layer in range(layers):
        inside = size if layer == 0 else hidden
        h = graph.put(f"h{layer}", (1, n, hidden))
        c = graph.put(f"c{layer}", (1, n, hidden))
        weights = [
            # [directions, 4 hidden, columns]; drawn with the columns as fan-in
            graph.constant(
                f"{part}{layer}",
                (graph.random.uniform(-1, 1, (1, 4 * hidden, columns)) / np.sqrt(columns)).astype(
                    np.float32
                ),
            )
            for part, columns in (("w", inside), ("r", hidden))
        ]
        bias = graph.weight(f"b{layer}", 1, 8 * hidden)
        names = [f"all{layer}", f"h{layer}_out", f"c{layer}_out"]
        graph.nodes.append(
            helper.make_node(
                "LSTM", [x, *weights, bias, "", h, c], names, f"lstm{layer}", hidden_size=hidden
            )
        )
        states += [(names[1], (1, n, hidden)), (names[2], (1, n, hidden))]
        x = names[1]
    graph.linear("y", x, hidden, 1)
    graph.give("y", (1, n, 1))
    for name, shape in states:
        graph.give(name, shape)
    return graph


def transformer(workload):
    """Pre-norm blocks over a chunk; past keys and values are inputs, the newest ones outputs.

    Queries and keys are not rotated: one step less than lockstep does.
    """
    size_in, size, heads, layers, window = TRANSFORMERS[workload.model]
    n, chunk, head = workload.streams, workload.chunk, size // heads
    graph = Graph()
    shape = graph.constant("split", np.array([n, chunk, heads, head], np.int64))
    joined = graph.constant("joined", np.array([n, chunk, size], np.int64))
    first = graph.constant("first", np.array([chunk], np.int64))
    last = graph.constant("last", np.array([window + chunk], np.int64))
    axis = graph.constant("axis", np.array([2], np.int64))
    scale = graph.constant("scale", np.array(1 / np.sqrt(head), np.float32))
    thirds = graph.constant("thirds", np.array([size] * 3, np.int64))
    if chunk > 1:
        # Row i sees itself and `window` frames before it.
        row, key = np.arange(chunk)[:, None], np.arange(window + chunk)[None, :]
        hidden = (key < row) | (key > row + window)
        mask = graph.constant("mask", np.where(hidden, -1e9, 0).astype(np.float32))

    def norm(name, x):
        return graph.node(
            "LayerNormalization",
            [x, graph.constant(name + ".g", np.ones(size, np.float32)), graph.weight(name + ".c", size)],
            name,
            axis=-1,
        )

    def split(name, x):
        part = graph.node("Reshape", [x, shape], name + ".r")
        return graph.node("Transpose", [part], name, perm=[0, 2, 1, 3])

    x = graph.linear("projection", graph.put("x", (n, chunk, size_in)), size_in, size)
    states = []
    for layer in range(layers):
        p = f"l{layer}."
        three = graph.linear(p + "qkv", norm(p + "norm1", x), size, 3 * size)
        graph.nodes.append(
            helper.make_node("Split", [three, thirds], [p + "q", p + "k", p + "v"], axis=2)
        )
        q = graph.node("Mul", [split(p + "qh", p + "q"), scale], p + "scaled")
        whole = []
        for part in "kv":
            past = graph.put(f"{part}{layer}", (n, heads, window, head))
            both = graph.node(
                "Concat", [past, split(f"{p}{part}h", p + part)], f"{p}{part}all", axis=2
            )
            graph.node("Slice", [both, first, last, axis], f"{part}{layer}_out")
            states.append((f"{part}{layer}_out", (n, heads, window, head)))
            whole.append(both)
        turned = graph.node("Transpose", [whole[0]], p + "kt", perm=[0, 1, 3, 2])
        scores = graph.node("MatMul", [q, turned], p + "scores")
        if chunk > 1:
            scores = graph.node("Add", [scores, mask], p + "masked")
        seen = graph.node(
            "MatMul", [graph.node("Softmax", [scores], p + "soft", axis=-1), whole[1]], p + "seen"
        )
        rows = graph.node("Transpose", [seen], p + "rows", perm=[0, 2, 1, 3])
        rows = graph.node("Reshape", [rows, joined], p + "flat")
        x = graph.node("Add", [x, graph.linear(p + "out", rows, size, size)], p + "x1")
        up = graph.linear(p + "up", norm(p + "norm2", x), size, 4 * size)
        down = graph.linear(p + "down", graph.node("Relu", [up], p + "relu"), 4 * size, size)
        x = graph.node("Add", [x, down], p + "x2")
    graph.linear("y", norm("norm", x), size, 1)
    graph.give("y", (n, chunk, 1))
    for name, form in states:
        graph.give(name, form)
    return graph


def silero(source, path):
    """Silero VAD as published, its rate a constant; one frame of 512 samples behind 64 of the one before."""
    model = onnx.load(source)
    rate = next(i for i in model.graph.input if i.name == "sr")
    model.graph.input.remove(rate)
    model.graph.initializer.append(numpy_helper.from_array(np.array(16_000, np.int64), "sr"))
    onnx.save(model, path)
    state = [2, 1, 128]
    return [("input", [1, 576]), ("state", state)], [("output", [1, 1]), ("stateN", state)]


def save(workload, path):
    """Writes the f32 graph; returns its inputs and outputs as (name, shape)."""
    graph = lstm(workload) if workload.is_lstm else transformer(workload)
    graph.save(path)
    return graph.inputs, graph.outputs


def save_int8(f32_path, int8_path):
    """The same with weights per channel in int8 and activations quantised at run time."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(f32_path, int8_path, per_channel=True, weight_type=QuantType.QInt8)
