"""Writes features.golden.safetensors: log-mel features by torchaudio and librosa, one tensor an option.

  python make_features_golden.py --clips FOLDER --out FOLDER

`samples` [samples] in -1 ... 1, and for every case `CASE` [frames, mel_bands] before normalisation; the
metadata has under the case's name the front end that must give the same.
"""

import argparse
import json
from pathlib import Path

import librosa
import numpy
import soundfile
import torch
import torchaudio
from lockstep_reference import write_safetensors
from make_golden import CLEAR_CLIP

RATE = 16000
FLOOR = 1e-10


def logarithm(x, base: str = "ln"):
    x = numpy.maximum(numpy.asarray(x, numpy.float32), numpy.float32(FLOOR))
    return (numpy.log if base == "ln" else numpy.log10)(x).astype(numpy.float32)


def torch_mel(samples, length, hop, bands, base="ln", fft_size=None, **options):
    """torchaudio.transforms.MelSpectrogram; where its transform is longer than the window, the window
    stands in the middle of it, so zeros before the samples put both at one place."""
    size = fft_size or length
    left = (size - length) // 2
    padded = numpy.concatenate([numpy.zeros(left, "f4"), samples, numpy.zeros(size, "f4")])
    mel = torchaudio.transforms.MelSpectrogram(
        RATE, n_fft=size, win_length=length, hop_length=hop, n_mels=bands, center=False, **options
    )
    count = (len(samples) - length) // hop + 1
    return logarithm(mel(torch.from_numpy(padded)).T[:count], base)


def librosa_mel(samples, length, hop, bands, base="ln", fft_size=None, **options):
    size = fft_size or length
    left = (size - length) // 2
    padded = numpy.concatenate([numpy.zeros(left, "f4"), samples, numpy.zeros(size, "f4")])
    mel = librosa.feature.melspectrogram(
        y=padded, sr=RATE, n_fft=size, win_length=length, hop_length=hop, n_mels=bands,
        center=False, **options,
    )  # fmt: skip
    count = (len(samples) - length) // hop + 1
    return logarithm(mel.T[:count], base)


def kaldi(samples, **options):
    """torchaudio.compliance.kaldi.fbank of samples in 16-bit range."""
    return torchaudio.compliance.kaldi.fbank(
        torch.from_numpy(samples)[None] * 32768, num_mel_bins=40, low_freq=20, high_freq=3800,
        sample_frequency=RATE, dither=0, **options,
    ).numpy()  # fmt: skip


# What a library's own front end has, and no other step.
PLAIN = dict(pre_emphasis=0, remove_dc=False, scale=1, floor=FLOOR)


def cases(samples) -> dict[str, tuple[dict, numpy.ndarray]]:
    """Options of `log_mel`, and the features by the library that the name begins with."""
    return {
        "torchaudio-hann-htk": (
            PLAIN | dict(window_type="hann", mel_scale="htk", fft_size=400, high_hz=8000, low_hz=0),
            torch_mel(samples, 400, 160, 40),
        ),
        "torchaudio-hamming-magnitude": (
            PLAIN
            | dict(window_type="hamming", spectrum="magnitude", mel_scale="htk", mel_norm="slaney")
            | dict(low_hz=60, high_hz=7600, mel_bands=32),
            torch_mel(
                samples, 400, 160, 32, fft_size=512, window_fn=torch.hamming_window, power=1.0,
                norm="slaney", f_min=60.0, f_max=7600.0,
            ),
        ),
        "torchaudio-slaney-log10": (
            PLAIN | dict(window_type="hann", mel_scale="slaney", log="log10", fft_size=1024)
            | dict(low_hz=0, high_hz=8000),
            torch_mel(samples, 400, 160, 40, base="log10", fft_size=1024, mel_scale="slaney"),
        ),
        "librosa": (
            PLAIN | dict(window_type="hann", mel_scale="slaney", mel_norm="slaney")
            | dict(window=512, low_hz=0, high_hz=8000, mel_bands=64),
            librosa_mel(samples, 512, 160, 64),
        ),
        "librosa-400-log10": (
            PLAIN | dict(window_type="hann", mel_scale="slaney", mel_norm="slaney", log="log10")
            | dict(fft_size=400, low_hz=0, high_hz=8000, mel_bands=80),
            librosa_mel(samples, 400, 160, 80, base="log10"),
        ),
        "librosa-htk-hamming-magnitude": (
            PLAIN | dict(window_type="hamming", mel_scale="htk", spectrum="magnitude")
            | dict(low_hz=50, high_hz=7000),
            librosa_mel(
                samples, 400, 160, 40, fft_size=512, window="hamming", power=1.0, htk=True,
                norm=None, fmin=50, fmax=7000,
            ),
        ),
        "kaldi-by-torchaudio": ({}, kaldi(samples)),
        "kaldi-plain-magnitude": (
            dict(pre_emphasis=0, remove_dc=False, spectrum="magnitude"),
            kaldi(samples, preemphasis_coefficient=0, remove_dc_offset=False, use_power=False),
        ),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    samples, _ = soundfile.read(
        arguments.clips / CLEAR_CLIP, dtype="float32", start=76000, frames=8000
    )
    tensors, metadata = {"samples": torch.from_numpy(samples)}, {}
    for name, (options, frames) in cases(samples).items():
        front_end = dict(type="log_mel", sample_rate=RATE, channels=1, window=400, hop=160)
        front_end |= dict(mel_bands=40, low_hz=20, high_hz=3800) | options
        tensors[name] = torch.from_numpy(numpy.ascontiguousarray(frames))
        metadata[name] = json.dumps(front_end)
    write_safetensors(arguments.out / "features.golden.safetensors", tensors, metadata)
    print(f"{len(metadata)} cases made in {arguments.out}")


if __name__ == "__main__":
    main()
