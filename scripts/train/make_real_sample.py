"""Writes samples/recognition-real.flac: a minute of real speech, with the tokens of its transcripts.

Nobody has marked when the phonemes of these recordings begin and end. The rows of the label file are what
espeak-ng says for the transcript (gmw/en-US), put in time by a forced alignment with
samples/models/recognition/recognition-lstm.safetensors: a token ends with the frame that tells it on the best path.
They serve the error rate; emission delays against them would only tell how that model's alignment differs from
its decoding.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile
import torch
from lockstep_reference import LoadedModel, load

from cache import MODELS, ROOT
from ctc import time_of
from espeak import tokens
from make_recognition_sample import write_tokens
from mixtures import room_tone, scaled_to
from real_speech import RealClip, clips, prompts
from recordings import SAMPLE_RATE

MODEL = MODELS / "recognition" / "recognition-lstm.safetensors"
SEED, LEVEL_DB, FLOOR_DB = 2026, -26.0, -70.0
LENGTH = 60 * SAMPLE_RATE
LONGEST_TOKEN = 0.3
COPYRIGHT = "CC-BY-SA-3.0: Allison Smith (prompts); BSD-2: pocketsphinx-testdata"


def aligned_frames(shares: np.ndarray, said: list[int]) -> np.ndarray:
    """[frames, classes] of logarithms and the classes that are said, to the frame in which the best path tells
    each of them first."""
    states = np.zeros(2 * len(said) + 1, int)
    states[1::2] = said
    # From two states before only over a blank, and not between equal tokens.
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    best = np.full(len(states), -np.inf)
    best[:2] = shares[0, states[:2]]
    came = np.zeros((len(shares), len(states)), int)
    for frame in range(1, len(shares)):
        ways = np.stack([best, np.concatenate([[-np.inf], best[:-1]]),
                         np.where(skips, np.concatenate([[-np.inf] * 2, best[:-2]]), -np.inf)])
        came[frame] = ways.argmax(0)
        best = ways.max(0) + shares[frame, states]
    state = len(states) - 1 if best[-1] >= best[-2] else len(states) - 2
    first = np.zeros(len(said), int)
    for frame in range(len(shares) - 1, -1, -1):
        if state % 2:
            first[state // 2] = frame
        state -= came[frame, state]
    return first


def timed(model: LoadedModel, clip: RealClip) -> list[tuple[str, float, float]]:
    """The clip's tokens with begin and end in seconds."""
    number = {name: k + 1 for k, name in enumerate(tokens())}
    shares = np.log(np.maximum(model.outputs(clip.samples).numpy(), 1e-12))
    ends = time_of(aligned_frames(shares, [number[name] for name in clip.tokens]))
    begins = np.maximum(np.concatenate([[0], ends[:-1]]), ends - LONGEST_TOKEN)
    return list(zip(clip.tokens, begins.tolist(), ends.tolist()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "samples")
    folder = parser.parse_args().to
    torch.set_num_threads(1)
    generator = np.random.default_rng(SEED)
    model = load(MODEL)
    fitting = [p for p in prompts() if 2 * SAMPLE_RATE <= len(p.samples) <= 4 * SAMPLE_RATE]
    order = clips() + [fitting[k] for k in generator.permutation(len(fitting))]
    track = room_tone(generator, LENGTH, FLOOR_DB)
    rows, position = [], SAMPLE_RATE // 2
    for clip in order:
        if position + len(clip.samples) + SAMPLE_RATE // 2 > LENGTH:
            break
        track[position : position + len(clip.samples)] += scaled_to(clip.samples, LEVEL_DB)
        begin, number = position / SAMPLE_RATE, len({row[3] for row in rows}) + 1
        rows += [(name, begin + a, begin + b, f"u{number}") for name, a, b in timed(model, clip)]
        print(f"| {begin:.2f} | {begin + len(clip.samples) / SAMPLE_RATE:.2f} | {clip.name} | {clip.text} |")
        position += len(clip.samples) + int(generator.uniform(0.5, 0.9) * SAMPLE_RATE)
    with soundfile.SoundFile(folder / "recognition-real.flac", "w", SAMPLE_RATE, 1, "PCM_16") as file:
        file.copyright = COPYRIGHT
        file.write(np.clip(track, -1, 1))
    write_tokens(folder / "recognition-real.labels.csv", rows)


if __name__ == "__main__":
    main()
