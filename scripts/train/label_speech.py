"""Writes the label file of a clean speech sample: where the teacher hears speech.

    label_speech.py ../../samples/speech.flac     writes speech.labels.csv beside it

A label file has the intervals `start,end` in seconds in which Silero VAD gives at least 0.5, on the
grid of its chunks of 32 ms. Between them there is no speech.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile

from recordings import SAMPLE_RATE
from teacher import CHUNK, Teacher


def speech_intervals(probabilities: np.ndarray, length: int) -> list[tuple[float, float]]:
    """[chunks] of the teacher over `length` samples to begins and ends in seconds."""
    is_speech = np.concatenate([[0], probabilities >= 0.5, [0]]).astype(int)
    edges = np.minimum(np.flatnonzero(np.diff(is_speech)) * CHUNK, length) / SAMPLE_RATE
    return list(zip(edges[::2].tolist(), edges[1::2].tolist()))


def write_labels(path: Path, intervals: list[tuple[float, float]]) -> None:
    lines = ["start,end", *(f"{start:.3f},{end:.3f}" for start, end in intervals)]
    path.write_text("\n".join(lines) + "\n")
    seconds = sum(end - start for start, end in intervals)
    print(f"{path.name}: {len(intervals)} intervals, {seconds:.1f} s of speech")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sample", type=Path)
    sample = parser.parse_args().sample
    samples, rate = soundfile.read(sample, dtype="float32")
    if rate != SAMPLE_RATE or samples.ndim != 1:
        raise SystemExit(f"Error: {sample} is not one channel at {SAMPLE_RATE} Hz")
    probabilities = Teacher().chunk_probabilities(samples[None])[0]
    write_labels(sample.with_suffix(".labels.csv"), speech_intervals(probabilities, len(samples)))


if __name__ == "__main__":
    main()
