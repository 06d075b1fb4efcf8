"""Writes the golden files of Tests/Golden: random models, inputs, and the reference's outputs.

  python make_golden.py --clips FOLDER --out FOLDER [NAME ...]

Everything follows from the case's name and settings, so a case can be made anew alone. Outputs are
computed in float64 from the weights as the file holds them, and stored as float32.
"""

import argparse
import json
import sys
import zlib
from pathlib import Path

import numpy
import soundfile
import torch
from scipy.signal import resample_poly
from torch import nn

from lockstep_reference import (ChannelNormaliser, Direct, LogMel, RecurrentModel,
                                StreamingTransformer, export, load, write_safetensors)

FAR = 1_000_000_000  # a start position at which float32 phases would be useless
CLEAR_CLIP = "librivox/sense_and_sensibility_01_austen_64kb-0870.wav"


def lstm(input_size, projection_size, hidden_size, layer_count, output_size):
    return RecurrentModel(input_size, projection_size, hidden_size, layer_count, output_size)


def transformer(mask, layers, heads, head_size, chunk, left, *, inputs=6, outputs=2, feed_forward=0,
                **others):
    model_size = heads * head_size
    return StreamingTransformer(
        input_size=inputs, model_size=model_size, head_count=heads,
        feed_forward_size=feed_forward or 2 * model_size + 1, layer_count=layers, output_size=outputs,
        mask=mask, chunk_size=chunk, left_context=left, **others)


# name: (how to make the model, what differs from the defaults of `write_case`)
CASES = {
    "lstm-h1-l1": (lambda: lstm(1, 0, 1, 1, 1), {}),
    "lstm-h7-l1": (lambda: lstm(3, 0, 7, 1, 2), {}),
    "lstm-h7-l3-projection": (lambda: lstm(4, 5, 7, 3, 1), {}),
    "lstm-h33-l2-sigmoid": (lambda: lstm(10, 0, 33, 2, 1), dict(activation="sigmoid")),
    "lstm-h33-l3-projection-softmax": (lambda: lstm(12, 20, 33, 3, 7), dict(activation="softmax")),
    "lstm-h100-l1-projection": (lambda: lstm(10, 9, 100, 1, 3), dict(frames=100)),
    "lstm-h100-l2-f16": (lambda: lstm(12, 0, 100, 2, 2), dict(dtype=torch.float16)),
    "lstm-h130-l1": (lambda: lstm(6, 0, 130, 1, 3), dict(frames=120)),
    "lstm-h24-l2-normaliser": (lambda: lstm(6, 0, 24, 2, 7),
                               dict(activation="softmax", front_end="channel_normaliser")),
    "lstm-h20-l1-log-mel": (lambda: lstm(40, 16, 20, 1, 1),
                            dict(activation="sigmoid", front_end="log_mel")),
    "causal-l1-h1-d32-left0": (lambda: transformer("causal", 1, 1, 32, 1, 0), {}),
    "causal-l2-h3-d10-c3-left7": (lambda: transformer("causal", 2, 3, 10, 3, 7), dict(frames=61)),
    "causal-l4-h4-d2-c16-left20": (
        lambda: transformer("causal", 4, 4, 2, 16, 20, activation="gelu_tanh", max_left_context=64,
                            chunk_sizes=[1, 2, 16], feed_forward=24), dict(frames=90)),
    "causal-l2-h4-d10-c4-left200": (
        lambda: transformer("causal", 2, 4, 10, 4, 200, rotary_base=500.0, norm_epsilon=1e-3,
                            activation="gelu_tanh"), dict(frames=110)),
    "causal-l3-h3-d2-c1-left5-f16": (
        lambda: transformer("causal", 3, 3, 2, 1, 5, outputs=1), dict(dtype=torch.float16)),
    "causal-l2-h3-d10-c4-left30-far": (
        lambda: transformer("causal", 2, 3, 10, 4, 30), dict(start=FAR, frames=70)),
    "chunk-l1-h4-d2-c1-left5": (lambda: transformer("chunk", 1, 4, 2, 1, 5), {}),
    "chunk-l2-h1-d32-c4-left8": (
        lambda: transformer("chunk", 2, 1, 32, 4, 8, max_left_context=100, chunk_sizes=[1, 3, 4, 16]),
        dict(frames=70, alternatives=[(1, 0), (1, 8), (3, 8), (3, 100), (4, 0), (4, 1), (4, 100),
                                      (16, 0), (16, 8), (16, 33)])),
    "chunk-l3-h3-d10-c3-left10": (
        lambda: transformer("chunk", 3, 3, 10, 3, 10, activation="gelu_tanh", chunk_sizes=[3, 6]),
        dict(frames=50)),
    "chunk-l4-h4-d10-c16-left17": (
        lambda: transformer("chunk", 4, 4, 10, 16, 17, max_left_context=40, chunk_sizes=[1, 4, 16]),
        dict(frames=103)),
    "chunk-l1-h3-d32-c4-left0-sigmoid": (
        lambda: transformer("chunk", 1, 3, 32, 4, 0, feed_forward=70, activation="gelu_tanh"),
        dict(activation="sigmoid", frames=43)),
    "chunk-l2-h4-d10-c4-left500-softmax": (
        lambda: transformer("chunk", 2, 4, 10, 4, 500, outputs=7, norm_epsilon=1e-6),
        dict(activation="softmax", frames=118)),
    "chunk-l1-h1-d6-c16-left3-short": (
        lambda: transformer("chunk", 1, 1, 6, 16, 3, outputs=1), dict(frames=5)),
    "chunk-l2-h3-d10-c16-left24-far": (
        lambda: transformer("chunk", 2, 3, 10, 16, 24), dict(start=FAR, frames=75)),
    "chunk-l2-h4-d10-c4-left12-bf16": (
        lambda: transformer("chunk", 2, 4, 10, 4, 12, chunk_sizes=[4]), dict(dtype=torch.bfloat16)),
    "chunk-l2-h2-d6-c4-left16-normaliser": (
        lambda: transformer("chunk", 2, 2, 6, 4, 16, outputs=7, max_left_context=64),
        dict(activation="softmax", front_end="channel_normaliser")),
    "chunk-l2-h2-d10-c4-left16-log-mel": (
        lambda: transformer("chunk", 2, 2, 10, 4, 16, inputs=40, outputs=1),
        dict(activation="sigmoid", front_end="log_mel")),
}


def write_case(folder: Path, name: str, make_model, speech, *, frames=60, activation="none",
               front_end="none", start=0, dtype=torch.float32, alternatives=()):
    torch.manual_seed(zlib.crc32(name.encode()))
    model = make_model()
    strengthen(model)
    input_size = model.configuration["input_size"]
    if front_end == "none":
        front, samples = Direct(100, input_size), torch.randn(frames, input_size)
    elif front_end == "channel_normaliser":
        mean, std = torch.randn(input_size) * 3, torch.rand(input_size) * 4 + 0.5
        front, samples = ChannelNormaliser(50, input_size, mean, std), mean + std * torch.randn(
            frames, input_size)
    else:
        samples = torch.from_numpy(speech[:16000])
        raw = LogMel().features(samples)
        front = LogMel(mean=raw.mean(0) + 0.3 * torch.randn(40), std=raw.std(0) * (1 + torch.rand(40)))
        samples = samples[:, None]
    path = folder / f"{name}.model.safetensors"
    labels = [f"class {n}" for n in range(model.configuration["output_size"])]
    export(path, model, front, labels, activation, {"made by": "make_golden.py", "weights": "random"},
           dtype=dtype)

    loaded = load(path).double()
    position = {} if isinstance(model, RecurrentModel) else {"start": start}
    tensors = {"input": samples,
               "output": loaded.outputs(flat(samples, front_end), **position).float()}
    if front_end != "none":
        tensors["frames"] = loaded.front_end.frames(flat(samples, front_end)).float()
    for chunk, left in alternatives:
        tensors[f"output_chunk{chunk}_left{left}"] = loaded.outputs(
            samples, chunk_size=chunk, left_context=left).float()
    write_safetensors(folder / f"{name}.golden.safetensors", tensors, {"start": str(start)})


def flat(samples, front_end):
    return samples[:, 0] if front_end == "log_mel" else samples


@torch.no_grad()
def strengthen(model):
    """Weights 2 to 4 times PyTorch's default, so that gates and softmax leave their linear range;
    norms that are not the identity, so that a forgotten gain or bias shows."""
    for module in model.modules():
        if isinstance(module, nn.LayerNorm):
            module.weight.normal_(1, 0.3)
            module.bias.normal_(0, 0.3)
        elif isinstance(module, nn.Linear):
            module.weight.mul_(2)
        elif isinstance(module, nn.LSTM):
            for name, parameter in module.named_parameters():
                parameter.mul_(4 if name.startswith("weight_ih") else 2)
    if isinstance(model, RecurrentModel):
        model.head.weight.mul_(3)  # an LSTM's state is small


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
    write_safetensors(folder / f"{name}.skips.safetensors",
                      {"input": frames, "present": present.float(), "output": output.float()},
                      {"start": "0"})


def synthetic(rate: int) -> numpy.ndarray:
    """A tone in quiet noise, that noise, exact zeros, full-scale noise: 0.25 s each, in 16-bit steps."""
    random = numpy.random.default_rng(5)
    count = rate // 4
    tone = 0.5 * numpy.sin(2 * numpy.pi * 1000 / rate * numpy.arange(count))
    tone += random.normal(0, 3 / 32768, count)  # alone, it leaves bands that are rounding errors only
    quiet = random.normal(0, 3 / 32768, count)
    loud = random.uniform(-1, 1, count)
    return sixteen_bit(numpy.concatenate([tone, quiet, numpy.zeros(count), loud]))


def sixteen_bit(samples: numpy.ndarray) -> numpy.ndarray:
    steps = numpy.clip(numpy.round(samples * 32768), -32768, 32767)
    return (steps / 32768).astype(numpy.float32)


def write_log_mel(folder: Path, name: str, speech: numpy.ndarray, front_end: LogMel):
    rate = front_end.configuration["sample_rate"]
    samples = torch.from_numpy(numpy.concatenate([speech, synthetic(rate)]))
    write_safetensors(folder / f"{name}.golden.safetensors",
                      {"samples": samples, "frames": front_end.features(samples)},
                      {"front_end": json.dumps(front_end.configuration)})


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

    steps = {name: lambda name=name, make=make, options=options:
             write_case(folder, name, make, speech, **options)
             for name, (make, options) in CASES.items()}
    steps["skips"] = lambda: write_skips(folder)
    steps["log-mel"] = lambda: write_log_mel(folder, "log-mel", clear, LogMel())
    steps["log-mel-8000"] = lambda: write_log_mel(
        folder, "log-mel-8000", speech_8000,
        LogMel(8000, window=200, hop=80, mel_bands=23, low_hz=20, high_hz=3700))
    for name in arguments.names or steps:
        if name not in steps:
            sys.exit(f"Error: no case is named {name}; there are {', '.join(steps)}")
        steps[name]()
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    print(f"{len(arguments.names or steps)} cases made, {size / 1e6:.2f} MB in {folder}")


if __name__ == "__main__":
    main()
