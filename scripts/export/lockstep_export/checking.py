"""Writing a model file, and keeping it only where `lockstep` computes what the module does."""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch

from .front_ends import FrontEnd
from .refusal import ExportRefused, finite
from .safetensors_file import write_safetensors

ACTIVATIONS = {
    "none": lambda x: x,
    "sigmoid": torch.sigmoid,
    "softmax": lambda x: torch.softmax(x, -1),
}


@dataclass
class CheckReport:
    """What the comparison found; as text, the line of `lockstep model check`."""

    path: str
    line: str

    def __str__(self) -> str:
        return f"{self.path}: {self.line}"


def find_lockstep(given=None) -> str:
    """The command: as given, $LOCKSTEP, the one in PATH, or what this clone has built."""
    clone = Path(__file__).resolve().parents[3]
    built = [str(clone / ".build" / kind / "lockstep") for kind in ("release", "debug")]
    for candidate in [given, os.environ.get("LOCKSTEP"), "lockstep", *built]:
        if candidate and (found := shutil.which(str(candidate))):
            return found
        if candidate and candidate == given:
            raise ExportRefused(f"lockstep is {given}, expected a program that can be run")
    raise ExportRefused(
        "there is no lockstep to check the file with: expected it in PATH, in $LOCKSTEP, or built in "
        "this clone"
    )


def stored_frames(frames, input_size: int, longest: int | None = None) -> torch.Tensor:
    """Frames to compare with, [frames, input_size]; without any, 200 random ones."""
    if frames is None:
        count = 200 if longest is None else min(200, longest)
        frames = torch.randn(count, input_size, generator=torch.Generator().manual_seed(1))
    frames = finite("frames", torch.as_tensor(frames))
    if frames.dim() != 2 or frames.shape[1] != input_size or len(frames) == 0:
        raise ExportRefused(f"frames is {list(frames.shape)}, expected [frames, {input_size}]")
    return frames


def write_checked(
    path,
    architecture: str,
    configuration: dict,
    tensors: dict[str, torch.Tensor],
    front_end: FrontEnd,
    labels,
    activation: str,
    provenance: dict | None,
    frames: torch.Tensor,
    values: torch.Tensor,
    *,
    values_are_outputs: bool = False,
    lockstep=None,
    tolerance: float = 1e-4,
    golden=None,
    blank: str | None = None,
) -> CheckReport:
    """`values`: what the module gave for `frames`: the head's values, or (`values_are_outputs`) what
    the output activation makes of them. `golden`: where to keep both for `lockstep model check`.
    `blank`: the label that means no token; the outputs are then those of a CTC model."""
    labels = [str(label) for label in labels]
    size = configuration["output_size"]
    if activation not in ACTIVATIONS:
        raise ExportRefused(f"activation is {activation}, expected none, sigmoid or softmax")
    if len(labels) != size:
        raise ExportRefused(f"labels has {len(labels)} entries, expected {size}, one an output")
    described = {"activation": activation, "labels": labels}
    if blank is not None:
        if str(blank) not in labels:
            raise ExportRefused(f"blank is {blank}, expected one of the labels")
        if activation != "softmax":
            raise ExportRefused(f"activation is {activation}, expected softmax where there is a blank")
        described |= {"kind": "ctc", "blank": str(blank)}
    if front_end.frame_size != configuration["input_size"]:
        raise ExportRefused(
            f"the front end gives {front_end.frame_size} values a frame, expected the "
            f"{configuration['input_size']} that the model takes"
        )
    values = values.detach().to("cpu", torch.float32)
    if tuple(values.shape) != (len(frames), size):
        raise ExportRefused(
            f"the module gave {list(values.shape)} for {len(frames)} frames, expected "
            f"[{len(frames)}, {size}]"
        )
    outputs = values if values_are_outputs else ACTIVATIONS[activation](values)
    program = find_lockstep(lockstep)
    metadata = {
        "lockstep.format": "1",
        "architecture": architecture,
        "configuration": configuration,
        "front_end": front_end.configuration,
        "outputs": described,
        "provenance": provenance,
    }
    text = {
        key: value if isinstance(value, str) else json.dumps(value, allow_nan=False)
        for key, value in metadata.items()
        if value is not None
    }
    path = Path(path)
    # Beside its place, so that what is there stays until the new file has proved itself.
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".lockstep-") as folder:
        model, stored = Path(folder) / path.name, Path(folder) / "golden.safetensors"
        write_safetensors(model, {**tensors, **front_end.tensors}, text)
        write_safetensors(stored, {"input": frames, "output": outputs}, {})
        found = subprocess.run(
            [program, "model", "check", str(model), "--against", str(stored)]
            + ["--tolerance", repr(float(tolerance))],
            capture_output=True,
            text=True,
        )
        if found.returncode != 0:
            sentence = found.stderr.strip().replace(f"{folder}/", "") or f"exit {found.returncode}"
            raise ExportRefused(
                f"lockstep and the module do not agree, so {path} was not written: {sentence} "
                f"{found.stdout.strip()}".strip()
            )
        if golden is not None:
            os.replace(stored, golden)
        os.replace(model, path)
    return CheckReport(str(path), found.stdout.strip())
