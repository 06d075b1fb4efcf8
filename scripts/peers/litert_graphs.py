"""The workloads as LiteRT graphs of one step, written with the schema that its wheel has.

A Transformer's step gives its new keys and values; where they go among the past ones is up to the caller,
so that no window is shifted. That takes one frame a call: more would need a mask that turns with the window.
"""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from graphs import LSTMS, TRANSFORMERS

OPERATORS = schema.BuiltinOperator


class Graph:
    """Collects tensors and operators; an entry point takes and gives tensors by number."""

    def __init__(self):
        self.random = np.random.default_rng(1)
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.operatorCodes = []
        self.model.buffers = [schema.BufferT()]
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.codes = {}

    def tensor(self, shape, values=None):
        tensor = schema.TensorT()
        tensor.shape = list(shape)
        tensor.buffer = 0
        tensor.type = schema.TensorType.FLOAT32
        tensor.name = f"t{len(self.graph.tensors)}"
        if values is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
            if values.dtype == np.int32:
                tensor.type = schema.TensorType.INT32
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, values):
        return self.tensor(values.shape, values)

    def weight(self, *shape):
        scale = 1 / np.sqrt(shape[-1]) if len(shape) > 1 else 0.05
        return self.constant((self.random.uniform(-1, 1, shape) * scale).astype(np.float32))

    def shape(self, tensor):
        return self.graph.tensors[tensor].shape

    def node(self, kind, inputs, *shapes, options=None):
        if kind not in self.codes:
            code = schema.OperatorCodeT()
            code.builtinCode = kind
            code.deprecatedBuiltinCode = min(kind, 127)
            code.version = 1
            self.model.operatorCodes.append(code)
            self.codes[kind] = len(self.codes)
        operator = schema.OperatorT()
        operator.opcodeIndex = self.codes[kind]
        operator.inputs = list(inputs)
        operator.outputs = [self.tensor(shape) for shape in shapes]
        if options is not None:
            name = type(options).__name__.removesuffix("T")
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, name)
            operator.builtinOptions = options
        self.graph.operators.append(operator)
        return operator.outputs if len(shapes) > 1 else operator.outputs[0]

    def linear(self, x, rows, relu=False):
        options = schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = int(relu)
        options.keepNumDims = True
        shape = self.shape(x)
        inputs = [x, self.weight(rows, shape[-1]), self.weight(rows)]
        return self.node(OPERATORS.FULLY_CONNECTED, inputs, [*shape[:-1], rows], options=options)

    def pair(self, kind, options, a, b):
        """An operator of two tensors, of which the first has the shape of the result."""
        return self.node(kind, [a, b], self.shape(a), options=options)

    def add(self, a, b):
        return self.pair(OPERATORS.ADD, schema.AddOptionsT(), a, b)

    def multiply(self, a, b):
        return self.pair(OPERATORS.MUL, schema.MulOptionsT(), a, b)

    def single(self, kind, x):
        return self.node(kind, [x], self.shape(x))

    def split(self, x, parts):
        options = schema.SplitOptionsT()
        options.numSplits = parts
        shape = self.shape(x)
        axis = self.constant(np.array(len(shape) - 1, np.int32))
        part = [*shape[:-1], shape[-1] // parts]
        return self.node(OPERATORS.SPLIT, [axis, x], *[part] * parts, options=options)

    def norm(self, x):
        shape = self.shape(x)
        options = schema.ReducerOptionsT()
        options.keepDims = True
        axis = self.constant(np.array([len(shape) - 1], np.int32))
        one = [*shape[:-1], 1]
        mean = self.node(OPERATORS.MEAN, [x, axis], one, options=options)
        rest = self.pair(OPERATORS.SUB, schema.SubOptionsT(), x, mean)
        square = self.multiply(rest, rest)
        variance = self.node(OPERATORS.MEAN, [square, axis], one, options=options)
        variance = self.add(variance, self.constant(np.array([1e-5], np.float32)))
        scaled = self.multiply(rest, self.single(OPERATORS.RSQRT, variance))
        gain = self.constant(np.ones(shape[-1], np.float32))
        return self.add(self.multiply(scaled, gain), self.weight(shape[-1]))

    def reshape(self, x, *shape):
        options = schema.ReshapeOptionsT()
        options.newShape = list(shape)
        new = self.constant(np.array(shape, np.int32))
        return self.node(OPERATORS.RESHAPE, [x, new], shape, options=options)

    def concatenate(self, a, b, axis):
        options = schema.ConcatenationOptionsT()
        options.axis = axis
        shape = list(self.shape(a))
        shape[axis] += self.shape(b)[axis]
        return self.node(OPERATORS.CONCATENATION, [a, b], shape, options=options)

    def product(self, a, b, turned):
        options = schema.BatchMatMulOptionsT()
        options.adjY = turned
        columns = self.shape(b)[-2 if turned else -1]
        return self.node(
            OPERATORS.BATCH_MATMUL, [a, b], [*self.shape(a)[:-1], columns], options=options
        )

    def softmax(self, x):
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        return self.node(OPERATORS.SOFTMAX, [x], self.shape(x), options=options)

    def packed(self, inputs, outputs):
        """The file's bytes."""
        self.graph.inputs, self.graph.outputs = inputs, outputs
        self.model.subgraphs = [self.graph]
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def lstm(workload):
    """The bytes of a step; inputs and outputs are x or y, then h and c of each layer."""
    size, hidden, layers = LSTMS[workload.model]
    n = workload.streams
    graph = Graph()
    inputs = [graph.tensor([n, size])]
    outputs = [None]
    x = inputs[0]
    for _ in range(layers):
        h, c = graph.tensor([n, hidden]), graph.tensor([n, hidden])
        inputs += [h, c]
        gates = graph.linear(graph.concatenate(x, h, 1), 4 * hidden)
        i, f, g, o = graph.split(gates, 4)
        i, f, o = (graph.single(OPERATORS.LOGISTIC, gate) for gate in (i, f, o))
        g = graph.single(OPERATORS.TANH, g)
        c = graph.add(graph.multiply(f, c), graph.multiply(i, g))
        x = graph.multiply(o, graph.single(OPERATORS.TANH, c))
        outputs += [x, c]
    outputs[0] = graph.linear(x, 1)
    return graph.packed(inputs, outputs)


def transformer(workload):
    """The bytes of a step; x, then past keys and values of each layer, in; y, then the new ones, out."""
    size_in, size, heads, layers, window = TRANSFORMERS[workload.model]
    n, head = workload.streams, size // heads
    graph = Graph()
    inputs, outputs = [graph.tensor([n, size_in])], [None]
    scale = graph.constant(np.array([1 / np.sqrt(head)], np.float32))
    x = graph.linear(inputs[0], size)
    for _ in range(layers):
        q, k, v = graph.split(graph.linear(graph.norm(x), 3 * size), 3)
        q, k, v = (graph.reshape(part, n, heads, 1, head) for part in (q, k, v))
        past = [graph.tensor([n, heads, window, head]) for _ in "kv"]
        inputs += past
        outputs += [k, v]
        scores = graph.product(
            graph.multiply(q, scale), graph.concatenate(past[0], k, 2), turned=True
        )
        seen = graph.product(
            graph.softmax(scores), graph.concatenate(past[1], v, 2), turned=False
        )
        x = graph.add(x, graph.linear(graph.reshape(seen, n, size), size))
        x = graph.add(x, graph.linear(graph.linear(graph.norm(x), 4 * size, relu=True), size))
    outputs[0] = graph.linear(graph.norm(x), 1)
    return graph.packed(inputs, outputs)
