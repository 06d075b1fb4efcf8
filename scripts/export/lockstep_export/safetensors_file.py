"""A writer of safetensors files: https://github.com/huggingface/safetensors#format."""

import json
from pathlib import Path

import torch


def write_safetensors(path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
    """Float32 tensors, row-major. The same arguments give the same bytes."""
    header: dict = {"__metadata__": metadata}
    data = bytearray()
    for name, tensor in tensors.items():
        content = tensor.detach().to("cpu", torch.float32).contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the data begins at a multiple of 8
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + data)
