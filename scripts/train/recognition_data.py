"""The prepared recognition data as the training loop and the evaluation take it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ctc import Targets, targets
from speech_data import coloured

BATCH = 8


def normalisation(directory: Path) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every band over the first shard of the training data."""
    frames = np.load(directory / "train-00.npz")["features"].reshape(-1, 40).astype(np.float64)
    return frames.mean(0).astype(np.float32), frames.std(0).astype(np.float32)


def awaited(path: Path) -> Path:
    """The shard, which may still be in the making: training can begin with the first ones."""
    for _ in range(240):
        if path.exists():
            return path
        time.sleep(5)
    raise SystemExit(f"Error: {path} is missing: run prepare_recognition.py")


class RecognitionBatches:
    """A round is one shard, in an order that depends on the seed and the round only; of less than all data it is as
    many streams, drawn from the first `percent` % of them.

    A model that waits learns first to answer at once, and then, a 48th of all rounds after the other, a frame
    later; told to wait from the start it learns much more slowly.
    """

    def __init__(self, directory: Path, shards: int, streams: int, seed: int, classes: int, timing: str,
                 wait: int, rounds: int, percent: int = 100) -> None:
        self.paths = [directory / f"train-{k:02}.npz" for k in range(shards)]
        self.mean, self.std = normalisation(directory)
        self.seed, self.streams, self.steps = seed, streams, streams // BATCH
        self.classes, self.timing, self.wait, self.rounds = classes, timing, wait, rounds
        self.wait_now = 0
        self.few: dict[str, np.ndarray] | None = None
        # Streams that a round is drawn from.
        self.pool = streams
        if percent < 100:
            self.pool = shards * streams * percent // 100
            read = [np.load(awaited(path)) for path in self.paths[: -(-self.pool // streams)]]
            self.few = {key: np.concatenate([shard[key] for shard in read]) for key in read[0]}

    def _wait_in(self, turn: int) -> int:
        return min(self.wait, max(0, turn * 48 // self.rounds - 4))

    def __call__(self, turn: int) -> Iterator[tuple[Tensor, Targets]]:
        generator = np.random.default_rng([self.seed, turn])
        self.wait_now = self._wait_in(turn)
        stored = self.few or dict(np.load(awaited(self.paths[turn % len(self.paths)])))
        ends = np.cumsum(stored["count"])
        times = -(-self.streams // self.pool)
        order = np.concatenate([generator.permutation(self.pool) for _ in range(times)])
        for k in range(self.steps):
            rows = order[k * BATCH : (k + 1) * BATCH]
            frames = coloured(stored["features"][rows].astype(np.float32), generator)
            frames = (frames - self.mean) / self.std
            said = []
            for row in rows:
                own = slice(ends[row] - stored["count"][row], ends[row])
                said.append((stored["token"][own], stored["begin"][own], stored["end"][own]))
            yield torch.from_numpy(frames), targets(said, frames.shape[1], self.classes, self.timing, self.wait_now)


@dataclass
class Reference:
    """What is said in a stream: class, begin and end (seconds), and utterance of each token."""

    tokens: list[int]
    begins: np.ndarray
    ends: np.ndarray
    utterances: np.ndarray


class EvaluationSet:
    """The streams of one prepared set, and what is said in them."""

    def __init__(self, path: Path, mean: np.ndarray, std: np.ndarray) -> None:
        stored = dict(np.load(path))
        self.frames = (stored["features"].astype(np.float32) - mean) / std
        self.references, first = [], 0
        for count in stored["count"]:
            own = slice(first, first + count)
            first += count
            self.references.append(Reference(
                stored["token"][own].tolist(), stored["begin"][own], stored["end"][own],
                stored["utterance"][own]))
        self.utterances = int(stored["utterance"].max()) + 1
