"""Prepares the data of the recognition task: mixtures as log-mel frames, and tokens with their times.

    prepare_recognition.py [--shards 16] [--streams 750] [--seed 1] [--workers 2]

A shard is an hour of streams of 4.8 s. Every shard and every evaluation set is one file, written once and
whole: an interrupted run goes on where it stopped.
"""

import argparse
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from lockstep_reference import LogMel

import recordings
from cache import cache_directory
from log_mel import SETTINGS, sample_count
from espeak import tokens
from mixtures import SPEECH_LEVEL_DB, mixed, room_tone, scaled_to, training_noise
from noises import TEST_KINDS, TRAINING_KINDS, TRAINING_WEIGHTS, NoiseSource
from prepare_speech import save
from recognition_speech import HELD_OUT_ENGLISH, Talk
from recordings import SAMPLE_RATE
from rooms import impulse_response, in_room

FRONT_END = SETTINGS | {"high_hz": 7600}
TRAINING_FRAMES = 480
EVALUATION_FRAMES = 2000
# The sets that are measured: their split, the English (None is those of training), streams of 20 s, and what
# the random numbers begin with.
EVALUATIONS = {"validation": ("validation", None, 20, 5), "test": ("test", None, 45, 6),
               "english": ("test", HELD_OUT_ENGLISH, 45, 7)}
NOISE_KINDS = {"train": TRAINING_KINDS, "validation": TEST_KINDS, "test": TEST_KINDS}
TEST_WEIGHTS = (0.2, 0.2, 0.2, 0.2, 0.2)


@dataclass
class Stream:
    """A mixture, and what is said in it: rows of token, begin, end (seconds), utterance."""

    samples: np.ndarray
    tokens: list[tuple[str, float, float, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    voices: list[str] = field(default_factory=list)


class Studio:
    """Makes streams of one split: voices in rooms, with pauses, and noise over all."""

    def __init__(self, split: str, english: str | None = None) -> None:
        self.split = split
        self.talk = Talk(split, english)
        generator = np.random.default_rng([11, len(split)])
        talkers = [self.talk.utterance(generator).spoken.samples for _ in range(60)]
        pieces = recordings.music(split)
        self.source = NoiseSource(pieces, [t for t in talkers if len(t) > SAMPLE_RATE // 2])
        self.kinds = NOISE_KINDS[split]
        self.weights = TRAINING_WEIGHTS if split == "train" else TEST_WEIGHTS

    def clean(self, generator: np.random.Generator, length: int, pauses: tuple[float, float]) -> Stream:
        """Whole utterances, one after the other, as far as they fit."""
        stream = Stream(np.zeros(length, np.float32))
        position = int(generator.uniform(0.1, 0.7) * SAMPLE_RATE)
        misfits = 0
        while misfits < 4:
            said = self.talk.utterance(generator)
            spoken = said.spoken.samples
            if position + len(spoken) > length or not said.spoken.tokens:
                misfits += 1
                continue
            sound = scaled_to(spoken, SPEECH_LEVEL_DB + generator.uniform(-4, 4))
            if generator.uniform() < 0.6:
                sound = in_room(sound, impulse_response(generator))
            end = min(position + len(sound), length)
            stream.samples[position:end] += sound[: end - position]
            begin, number = position / SAMPLE_RATE, len(stream.texts)
            stream.tokens += [(name, begin + a, begin + b, number) for name, a, b in said.spoken.tokens]
            stream.texts.append(said.text)
            stream.voices.append(said.voice)
            position += len(spoken) + int(generator.uniform(*pauses) * SAMPLE_RATE)
        return stream

    def stream(self, generator: np.random.Generator, length: int, pauses=(0.15, 0.8),
               snr=(5.0, 40.0)) -> Stream:
        stream = self.clean(generator, length, pauses)
        marks = np.zeros(length, bool)
        for _, begin, end, _ in stream.tokens:
            marks[int(begin * SAMPLE_RATE) : int(end * SAMPLE_RATE)] = True
        samples = stream.samples + room_tone(generator, length, generator.uniform(-90, -65))
        noise = training_noise(generator, self.source, length, self.kinds, self.weights)
        samples = mixed(samples, marks, noise, generator.uniform(*snr))
        samples = samples * np.float32(10 ** (generator.uniform(-15, 6) / 20))
        stream.samples = np.clip(samples, -1, 1)
        return stream


@cache
def front_end() -> LogMel:
    return LogMel(**FRONT_END)


def packed(streams: list[Stream]) -> dict[str, np.ndarray]:
    """features [streams, frames, 40]; of all tokens in order: their class (1 is the first token, 0 is
    blank), begin, end, utterance (counted through all streams), and how many each stream has."""
    number = {name: k + 1 for k, name in enumerate(tokens())}
    rows, utterance, first = [], [], 0
    for stream in streams:
        rows += [(number[name], begin, end) for name, begin, end, _ in stream.tokens]
        utterance += [first + own for *_, own in stream.tokens]
        first += len(stream.texts)
    table = np.array(rows, np.float64)
    return {
        "features": np.stack([front_end().features(s.samples).numpy() for s in streams]).astype(np.float16),
        "token": table[:, 0].astype(np.int64), "begin": table[:, 1], "end": table[:, 2],
        "utterance": np.array(utterance), "count": np.array([len(s.tokens) for s in streams]),
    }


def shard(path: Path, streams: int, seed: list[int]) -> None:
    """Writes one shard."""
    generator = np.random.default_rng(seed)
    studio = Studio("train")
    length = sample_count(TRAINING_FRAMES)
    save(path, **packed([studio.stream(generator, length) for _ in range(streams)]))


def shard_apart(path: Path, index: int, streams: int, seed: int) -> float:
    """Writes one shard in a process of its own, because some words crash espeak-ng, always the same; then other
    random numbers are taken, so that the same shards come out again. Returns the seconds it took."""
    began = time.monotonic()
    for attempt in range(5):
        numbers = [seed, index, attempt] if attempt else [seed, index]
        process = multiprocessing.get_context("spawn").Process(target=shard, args=(path, streams, numbers))
        process.start()
        process.join()
        if process.exitcode == 0:
            return time.monotonic() - began
        if process.exitcode > 0:
            raise SystemExit(f"Error: {path.name} was not made")
        print(f"prepare: espeak-ng crashed in {path.name}, once more with other words", flush=True)
    raise SystemExit(f"Error: espeak-ng crashed five times in {path.name}")


def evaluation_streams(name: str, seed: int = 1) -> list[Stream]:
    split, english, count, place = EVALUATIONS[name]
    studio = Studio(split, english)
    generator = np.random.default_rng([seed, 1000 + place])
    return [studio.stream(generator, sample_count(EVALUATION_FRAMES), (0.3, 1.0)) for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=16, help="files of training data")
    parser.add_argument("--streams", type=int, default=750, help="streams of 4.8 s in each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    directory = cache_directory("recognition", f"data-{options.streams}-seed{options.seed}")
    for name in EVALUATIONS:
        path = directory / f"{name}.npz"
        if not path.exists():
            print(f"prepare: {name} set", flush=True)
            save(path, **packed(evaluation_streams(name, options.seed)))
    paths = [directory / f"train-{k:02}.npz" for k in range(options.shards)]
    jobs = [(path, k, options.streams, options.seed) for k, path in enumerate(paths) if not path.exists()]
    with ThreadPoolExecutor(options.workers) as pool:
        for done, took in enumerate(pool.map(lambda job: shard_apart(*job), jobs), 1):
            print(f"prepare: training data {done}/{len(jobs)}, {took:.0f} s", flush=True)


if __name__ == "__main__":
    main()
