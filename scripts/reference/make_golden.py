"""Writes the golden files of Tests/Golden: random models, inputs, and the reference's outputs.

  python make_golden.py --clips FOLDER --out FOLDER [NAME ...]

Everything follows from the case's name and settings, so a case can be made anew alone. Outputs are
computed in float64 from the weights as the file holds them, and stored as float32.
"""

import argparse
import json
import sys
import zlib
from functools import partial
from pathlib import Path

import numpy
import soundfile
import torch
from golden_cases import CASES, make_model
from golden_onnx import write_onnx
from lockstep_reference import (
    ChannelNormaliser,
    Direct,
    LogMel,
    Samples,
    StreamingTransformer,
    export,
    load,
    write_safetensors,
)
from scipy.signal import resample_poly

CLEAR_CLIP = "librivox/sense_and_sensibility_01_austen_64kb-0870.wav"


def write_case(
    folder: Path,
    name: str,
    speech,
    frames=60,
    start=0,
    dtype=torch.float32,
    front_end="none",
    channel_names=None,
    output="none",
    alternatives=(),
    **model_options,
):
    model = make_model(name, **model_options)
    size = model.configuration["input_size"]
    front, samples = make_input(front_end, size, frames, speech, channel_names)
    path = folder / f"{name}.model.safetensors"
    labels = [f"class {n}" for n in range(model.configuration["output_size"])]
    provenance = {"made by": "make_golden.py", "weights": "random"}
    export(path, model, front, labels, output, provenance, dtype)

    loaded = load(path).double()
    position = {"start": start} if isinstance(model, StreamingTransformer) else {}
    flat = samples[:, 0] if front_end == "log_mel" else samples
    tensors = {"input": samples, "output": loaded.outputs(flat, **position).float()}
    if front_end != "none":
        tensors["frames"] = loaded.front_end.frames(flat).float()
    for chunk, left in alternatives:
        tensors[f"output_chunk{chunk}_left{left}"] = loaded.outputs(
            samples, chunk_size=chunk, left_context=left
        ).float()
    write_safetensors(folder / f"{name}.golden.safetensors", tensors, {"start": str(start)})


def make_input(front_end: str, input_size: int, frames: int, speech, names=None):
    """The front end, with random mean and std, and its input [samples, channels]."""
    if front_end == "none":
        return Direct(100, input_size), torch.randn(frames, input_size)
    if front_end == "channel_normaliser":
        mean, std = torch.randn(input_size) * 3, torch.rand(input_size) * 4 + 0.5
        samples = mean + std * torch.randn(frames, input_size)
        return ChannelNormaliser(50, input_size, mean, std, names), samples
    if front_end == "samples":
        if input_size == 24:
            front = Samples(16000, 2, hop=8, context=4)
        else:  # as Silero VAD has it: a ninth is context
            front = Samples(16000, 1, hop=input_size // 9 * 8, context=input_size // 9)
        settings = front.configuration
        return front, torch.randn(frames * settings["hop"] + 5, settings["channels"])
    samples = torch.from_numpy(speech[:16000])
    raw = LogMel().features(samples)
    mean = raw.mean(0) + 0.3 * torch.randn(40)
    return LogMel(mean=mean, std=raw.std(0) * (1 + torch.rand(40))), samples[:, None]


def write_skips(folder: Path):
    """Two runs of a model's chunks are skipped: positions advance, and nobody sees those frames."""
    name = "chunk-l2-h1-d32-c4-left8"
    torch.manual_seed(zlib.crc32(b"skips"))
    model = load(folder / f"{name}.model.safetensors").double()
    frames = torch.randn(61, 6)
    present = torch.ones(61, dtype=torch.bool)
    present[8:16] = False
    present[40:44] = False
    output = model.outputs(frames, present=present)
    output[~present] = 0
    write_safetensors(
        folder / f"{name}.skips.safetensors",
        {"input": frames, "present": present.float(), "output": output.float()},
        {"start": "0"},
    )


def synthetic(rate: int) -> numpy.ndarray:
    """0.25 s each of a tone in quiet noise, that noise, exact zeros, full-scale noise; 16 bit."""
    random = numpy.random.default_rng(5)
    count = rate // 4
    tone = 0.5 * numpy.sin(2 * numpy.pi * 1000 / rate * numpy.arange(count))
    # Without noise, the tone leaves bands that hold rounding errors only.
    tone += random.normal(0, 3 / 32768, count)
    quiet = random.normal(0, 3 / 32768, count)
    loud = random.uniform(-1, 1, count)
    return sixteen_bit(numpy.concatenate([tone, quiet, numpy.zeros(count), loud]))


def sixteen_bit(samples: numpy.ndarray) -> numpy.ndarray:
    steps = numpy.clip(numpy.round(samples * 32768), -32768, 32767)
    return (steps / 32768).astype(numpy.float32)


def write_log_mel(folder: Path, name: str, speech: numpy.ndarray, front_end: LogMel):
    rate = front_end.configuration["sample_rate"]
    samples = torch.from_numpy(numpy.concatenate([speech, synthetic(rate)]))
    write_safetensors(
        folder / f"{name}.golden.safetensors",
        {"samples": samples, "frames": front_end.features(samples)},
        {"front_end": json.dumps(front_end.configuration)},
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the order of sums must not depend on the machine's cores
    folder = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    speech = numpy.fromfile(arguments.clips / "goforward.raw", "<i2").astype(numpy.float32) / 32768
    speech_8000 = sixteen_bit(resample_poly(speech[:24000], 1, 2))
    # Kaldi's own float32 error is up to 1.6e-4 within 60 dB of a frame's strongest band in some
    # recordings; in these 2.8 s it is 3e-5.
    clear, _ = soundfile.read(arguments.clips / CLEAR_CLIP, dtype="float32", start=68800)

    steps = {
        name: partial(write_case, folder, name, speech, **options)
        for name, options in CASES.items()
    }
    steps["skips"] = lambda: write_skips(folder)
    steps["log-mel"] = lambda: write_log_mel(folder, "log-mel", clear, LogMel())
    steps["log-mel-8000"] = lambda: write_log_mel(
        folder,
        "log-mel-8000",
        speech_8000,
        LogMel(8000, window=200, hop=80, mel_bands=23, low_hz=20, high_hz=3700),
    )
    steps["onnx"] = lambda: write_onnx(folder / "onnx")
    for name in arguments.names or steps:
        if name not in steps:
            sys.exit(f"Error: no case is named {name}; there are {', '.join(steps)}")
        steps[name]()
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    print(f"{len(arguments.names or steps)} cases made, {size / 1e6:.2f} MB in {folder}")


if __name__ == "__main__":
    main()
