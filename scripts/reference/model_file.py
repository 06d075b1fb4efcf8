"""Writing and reading the model file: one .safetensors file with JSON in its metadata."""

import json
from functools import partial
from pathlib import Path

import torch
from front_ends import ChannelNormaliser, Direct, LogMel, Samples
from recurrent_model import LAYERS, RecurrentModel
from safetensors import safe_open
from silero_vad import SileroVAD
from streaming_transformer import StreamingTransformer
from torch import Tensor, nn

FRONT_ENDS = {front_end.type: front_end for front_end in (Direct, ChannelNormaliser, LogMel, Samples)}
MODELS = {name: partial(RecurrentModel, name) for name in LAYERS}
MODELS |= {model.architecture: model for model in (StreamingTransformer, SileroVAD)}


def activate(logits: Tensor, activation: str) -> Tensor:
    """The head's values to outputs: `none`, `sigmoid` or `softmax` (over the output values)."""
    return {
        "none": lambda x: x,
        "sigmoid": torch.sigmoid,
        "softmax": lambda x: torch.softmax(x, dim=-1),
    }[activation](logits)


class LoadedModel:
    """What is in a model file: model, front_end, activation, labels, provenance."""

    def __init__(
        self, model, front_end, activation: str, labels: list[str], provenance: dict | None
    ):
        self.model, self.front_end = model, front_end
        self.activation, self.labels, self.provenance = activation, labels, provenance

    def double(self) -> "LoadedModel":
        self.model.double()
        return self

    @torch.no_grad()
    def outputs(self, samples, **options) -> Tensor:
        """Samples to activated outputs [frames, output_size]; options go to `model.forward`."""
        dtype = next(self.model.parameters()).dtype
        samples = torch.as_tensor(samples)
        if self.front_end.type != "log_mel":  # kaldi computes in float32 whatever it is given
            samples = samples.to(dtype)
        frames = self.front_end.frames(samples).to(dtype)
        return activate(self.model(frames, **options), self.activation)


def export(
    path,
    model: nn.Module,
    front_end,
    labels: list[str],
    activation: str = "sigmoid",
    provenance: dict | None = None,
    dtype: torch.dtype = torch.float32,
    blank: str | None = None,
) -> None:
    """Writes the model file. The same arguments give the same bytes. `blank`: the label of a model of tokens
    (outputs of kind ctc) that means none."""
    output_size = model.configuration["output_size"]
    if len(labels) != output_size or activation not in ("none", "sigmoid", "softmax"):
        raise ValueError(
            f"need {output_size} labels and a known activation: {labels}, {activation}"
        )
    outputs = {"activation": activation, "labels": labels}
    if blank is not None:
        if blank not in labels or activation != "softmax":
            raise ValueError(f"need {blank} among the labels and softmax for tokens: {labels}, {activation}")
        outputs |= {"kind": "ctc", "blank": blank}
    tensors = {**model.state_dict(), **front_end.tensors}
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor.to(dtype)).all():
            raise ValueError(f"{name} is not finite as {dtype}")
    metadata = {
        "lockstep.format": "1",
        "architecture": model.architecture,
        "configuration": model.configuration,
        "front_end": front_end.configuration,
        "outputs": outputs,
    }
    if provenance is not None:
        metadata["provenance"] = provenance
    write_safetensors(
        path,
        {name: tensor.to(dtype) for name, tensor in tensors.items()},
        {
            key: value if isinstance(value, str) else json.dumps(value, allow_nan=False)
            for key, value in metadata.items()
        },
    )


def load(path) -> LoadedModel:
    """Reads a model file; tensors that are missing, left over or misshapen are errors."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    if metadata["lockstep.format"] != "1":
        raise ValueError(f"{path}: unknown format {metadata['lockstep.format']}")
    model = MODELS[metadata["architecture"]](**json.loads(metadata["configuration"]))
    settings = json.loads(metadata["front_end"])
    kind = FRONT_ENDS[settings.pop("type")]
    if kind not in (Direct, Samples):
        settings |= {"mean": tensors.pop("front_end.mean"), "std": tensors.pop("front_end.std")}
    model.load_state_dict(tensors, strict=True)
    model.eval()
    outputs = json.loads(metadata["outputs"])
    provenance = json.loads(metadata["provenance"]) if "provenance" in metadata else None
    return LoadedModel(
        model, kind(**settings), outputs["activation"], outputs["labels"], provenance
    )


def write_safetensors(path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Our own writer, because the library's orders the metadata differently in every run."""
    types = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}
    header: dict = {"__metadata__": metadata}
    data = bytearray()
    for name, tensor in tensors.items():
        content = tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes()
        header[name] = {
            "dtype": types[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # data begins at a multiple of 8, as the format asks
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + data)
