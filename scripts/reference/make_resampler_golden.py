"""Writes Tests/Golden/resampler.golden.safetensors: band-limited noise, resampled by libsamplerate.

  pip install numpy==2.4.6 soxr==1.1.0 samplerate==0.2.4
  python make_resampler_golden.py --out FOLDER

Tensors, for each ratio: `48000-16000.input` (int16, 0.2 s) and `48000-16000.output` (float32, of
input / 32768), from sinc_best, whose output m lies at source time m * from / to. The noise ends at 0.85
of the lower Nyquist frequency, so that the transition bands of two filters do not matter. libsoxr
(VHQ) must agree with it, or nothing is written; its rational ratios are themselves 79 dB from exact.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy
import samplerate
import soxr

RATIOS = [
    (48_000, 16_000),
    (44_100, 16_000),
    (8_000, 16_000),
    (16_000, 8_000),
    (22_050, 16_000),
    (96_000, 16_000),
]
SECONDS = 0.2
BAND = 0.85
AGREEMENT_DB = -75


def noise(source: int, output: int) -> numpy.ndarray:
    count = int(source * SECONDS)
    generator = numpy.random.Generator(numpy.random.PCG64([source, output]))
    spectrum = numpy.fft.rfft(generator.standard_normal(count))
    spectrum[numpy.fft.rfftfreq(count, 1 / source) > BAND * min(source, output) / 2] = 0
    # The fades widen each line by far less than the room between the band and the transition.
    signal = numpy.fft.irfft(spectrum, count) * numpy.hanning(count)
    return numpy.rint(signal * (20_000 / numpy.abs(signal).max())).astype("<i2")


def decibels(difference: numpy.ndarray, signal: numpy.ndarray) -> float:
    return float(10 * numpy.log10(numpy.sum(difference**2) / numpy.sum(signal**2)))


def write(path: Path, tensors: dict[str, numpy.ndarray]) -> None:
    names = {"<i2": "I16", "<f4": "F32"}
    header = {}
    offset = 0
    for name, values in tensors.items():
        header[name] = {
            "dtype": names[values.dtype.str],
            "shape": list(values.shape),
            "data_offsets": [offset, offset + values.nbytes],
        }
        offset += values.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(values.tobytes() for values in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    tensors = {}
    for source, output in RATIOS:
        samples = noise(source, output)
        signal = samples / 32768
        other = soxr.resample(signal, source, output, quality="VHQ")
        # libsamplerate needs zeros to release its last outputs.
        padded = numpy.concatenate([signal, numpy.zeros(source // 10)]).astype("f4")
        expected = samplerate.resample(padded, output / source, "sinc_best")[: len(other)]
        difference = decibels(other - expected, expected)
        print(f"{source} -> {output}: libsamplerate and libsoxr differ by {difference:.1f} dB")
        if difference > AGREEMENT_DB:
            raise SystemExit("the oracles do not agree")
        tensors[f"{source}-{output}.input"] = samples
        tensors[f"{source}-{output}.output"] = expected.astype("<f4")
    write(folder / "resampler.golden.safetensors", tensors)


if __name__ == "__main__":
    main()
