"""See add_stft, which runs this."""

import argparse
import json
import sys
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, compose, helper, numpy_helper


class Refusal(Exception):
    """What cannot be joined, in a sentence."""


def windows(name: str, size: int) -> numpy.ndarray:
    periodic = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(size) / size)
    return {
        "none": numpy.ones(size),
        "hann": periodic,
        "sqrt-hann": numpy.sqrt(periodic),
        "hanning": numpy.hanning(size),
        "sqrt-hanning": numpy.sqrt(numpy.hanning(size)),
    }[name]


def bases(size: int) -> dict[str, numpy.ndarray]:
    """Matrices by which a row is multiplied, float64: samples to the real and imaginary parts of
    `numpy.fft.rfft`, and these back to samples as `numpy.fft.irfft`."""
    angle = 2 * numpy.pi * numpy.outer(numpy.arange(size), numpy.arange(size // 2 + 1)) / size
    weight = numpy.full(size // 2 + 1, 2 / size)
    weight[[0, -1]] = 1 / size
    return {
        "re": numpy.cos(angle),
        "im": -numpy.sin(angle),
        "from_re": (numpy.cos(angle) * weight).T,
        "from_im": (-numpy.sin(angle) * weight).T,
    }


class Wrapping:
    """Nodes around a model: in front of it `samples` become what it takes, behind it what it gives becomes
    samples. Only operators that every version of ONNX has alike."""

    def __init__(self, size: int):
        self.size, self.nodes, self.initializers = size, [], []
        self.bases = bases(size)

    def node(self, kind: str, *inputs: str, name: str = "", **attributes) -> str:
        name = name or f"stft_{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def constant(self, value, dtype=numpy.float32) -> str:
        name = f"stft_constant_{len(self.initializers)}"
        array = numpy.ascontiguousarray(numpy.asarray(value, dtype))
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def reshape(self, x: str, shape: list[int], name: str = "") -> str:
        return self.node("Reshape", x, self.constant(shape, numpy.int64), name=name)

    def spectrum(self, window: numpy.ndarray) -> tuple[str, str]:
        parts = (self.bases["re"], self.bases["im"])
        return tuple(
            self.node("MatMul", "samples", self.constant(window[:, None] * part)) for part in parts
        )

    def features(self, parts: tuple[str, str], kind: str, epsilon: float) -> str:
        """[1, bins], or [1, bins, 2] of a complex spectrum."""
        if kind == "complex":
            bins = self.size // 2 + 1
            return self.node("Concat", *(self.reshape(p, [1, bins, 1]) for p in parts), axis=2)
        power = self.node("Add", *(self.node("Mul", p, p) for p in parts))
        if kind == "magnitude":
            return self.node("Sqrt", power)
        log = self.node("Log", self.node("Add", power, self.constant(epsilon)))
        return self.node("Mul", log, self.constant(1 / numpy.log(10)))

    def samples(self, re: str, im: str, window: numpy.ndarray, shape: list[int], name: str) -> str:
        parts = [
            self.node("MatMul", part, self.constant(self.bases[base] * window))
            for part, base in ((re, "from_re"), (im, "from_im"))
        ]
        return self.reshape(self.node("Add", *parts), shape, name)

    def masked(self, mask: str, parts: tuple[str, str]) -> list[str]:
        mask = self.reshape(mask, [1, self.size // 2 + 1])
        return [self.node("Mul", mask, part) for part in parts]

    def parts(self, spectrum: str) -> list[str]:
        """Real and imaginary part [1, bins] of one whose last axis holds both."""
        flat = self.reshape(spectrum, [self.size // 2 + 1, 2])
        return [
            self.reshape(self.node("MatMul", flat, self.constant([[a], [1 - a]])), [1, -1])
            for a in (1, 0)
        ]


def port(values, name: str):
    for value in values:
        if value.name == name:
            return value
    raise Refusal(f"has no {name}, expected one of {', '.join(v.name for v in values)}")


def shape_of(value) -> list[int]:
    """Its sizes, 1 for what is open."""
    return [d.dim_value or 1 for d in value.type.tensor_type.shape.dim]


def join(a) -> onnx.ModelProto:
    """The model with what comes before and behind it, and its signature."""
    model = onnx.load(a.model)
    pairs = dict(pair.split("=", 1) for pair in a.state)
    taken = port(model.graph.input, a.input)
    given = port(model.graph.output, a.tensor)
    wrapping = Wrapping(a.size)
    analysis = windows(a.window, a.size)
    spectrum = wrapping.spectrum(analysis)
    features = wrapping.features(spectrum, a.takes, a.epsilon)
    wrapping.reshape(features, shape_of(taken), taken.name)
    inner, front = model.graph, len(wrapping.nodes)
    inputs = [v for v in inner.input if v.name != taken.name]
    outputs = [v for v in inner.output if v.name != given.name]
    nodes, initializers = list(inner.node), list(inner.initializer)
    last = given
    if a.gives != "values":
        parts = (
            wrapping.masked(given.name, spectrum)
            if a.gives == "mask"
            else wrapping.parts(given.name)
        )
        synthesis = windows("none" if a.then else a.window, a.size)
        shape, name = [1, a.size], "samples_out"
        if a.then:
            second = compose.add_prefix(onnx.load(a.then), "then_")
            if second.opset_import[0].version != model.opset_import[0].version:
                raise Refusal(f"and {a.then} have different versions of operators")
            then_taken = port(second.graph.input, f"then_{a.then_input}")
            last = port(second.graph.output, f"then_{a.then_tensor}")
            shape, name = shape_of(then_taken), then_taken.name
            inputs += [v for v in second.graph.input if v.name != name]
            outputs += [v for v in second.graph.output if v.name != last.name]
        wrapping.samples(*parts, synthesis, shape, name)
        behind = wrapping.nodes[front:]
        nodes += behind
        if a.then:
            nodes += second.graph.node
            initializers += second.graph.initializer
        else:
            last = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    samples = helper.make_tensor_value_info("samples", TensorProto.FLOAT, [1, a.size])
    graph = helper.make_graph(
        wrapping.nodes[:front] + nodes, f"{inner.name} of samples", [samples, *inputs],
        [last, *outputs], initializers + wrapping.initializers,
    )
    joined = helper.make_model(
        graph, opset_imports=model.opset_import, ir_version=model.ir_version,
        producer_name="lockstep",
    )
    meaning = {"kind": "audio"} if a.gives != "values" else {}
    if a.labels:
        meaning["labels"] = a.labels.split(",")
    signature = {
        "sample_rate": a.rate, "hop": a.hop, "context": a.size - a.hop, "input": "samples",
        "outputs": {"tensor": last.name, **meaning},
    }  # fmt: skip
    if pairs:
        signature["states"] = pairs
    helper.set_model_props(joined, {"lockstep": json.dumps(signature)})
    onnx.checker.check_model(joined)
    return joined


def main():
    parser = argparse.ArgumentParser(prog="add_stft", add_help=False)
    parser.error = lambda message: fail(f"{message}; --help tells how to call it", 64)
    parser.add_argument("model", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--rate", type=int, default=16000)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--hop", type=int, required=True)
    kinds = ["none", "hann", "sqrt-hann", "hanning", "sqrt-hanning"]
    parser.add_argument("--window", choices=kinds, default="none")
    parser.add_argument("--takes", choices=["complex", "magnitude", "log10-power"], required=True)
    parser.add_argument("--epsilon", type=float, default=1e-6)
    parser.add_argument("--gives", choices=["complex", "mask", "values"], required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--tensor", required=True)
    parser.add_argument("--then", type=Path)
    parser.add_argument("--then-input")
    parser.add_argument("--then-tensor")
    parser.add_argument("--state", action="append", default=[])
    parser.add_argument("--labels")
    arguments = parser.parse_args()
    try:
        onnx.save(join(arguments), arguments.output)
    except Refusal as refusal:
        fail(f"{arguments.model}: {refusal}", 78)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", 66)
    print(arguments.output)


def fail(message: str, code: int):
    print(f"Error: add_stft: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
