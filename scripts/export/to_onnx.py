"""See to_onnx, which runs this."""

import argparse
import sys
from pathlib import Path

import onnx
from onnx_graph import ModelFile, Refusal, graph_of


def main():
    parser = argparse.ArgumentParser(prog="to_onnx", add_help=False)
    parser.error = lambda message: fail(f"{message}; --help tells how to call it", 64)
    parser.add_argument("model", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--chunk", type=int)
    parser.add_argument("--left-context", type=int)
    arguments = parser.parse_args()
    output = arguments.output or arguments.model.with_suffix(".onnx")
    try:
        model = graph_of(ModelFile(arguments.model), arguments.chunk, arguments.left_context)
        onnx.save(model, output)
    except Refusal as refusal:
        fail(f"{arguments.model}: {refusal}", 78)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", 66)
    print(output)


def fail(message: str, code: int):
    print(f"Error: to_onnx: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
