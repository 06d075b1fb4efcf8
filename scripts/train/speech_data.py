"""The prepared speech data as the training loop and the evaluation take it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from metrics import auc
from networks import run
from prepare_speech import EVALUATION_SNRS

BATCH = 8
NATURAL_LOG_PER_DB = np.log(10) / 10


def normalisation(directory: Path) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every band over the first shard of the training data."""
    frames = np.load(directory / "train-00.npz")["features"].reshape(-1, 40).astype(np.float64)
    return frames.mean(0).astype(np.float32), frames.std(0).astype(np.float32)


def coloured(features: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Another microphone for every stream: a smooth random response of some dB over the bands."""
    streams, _, bands = features.shape
    knots = generator.normal(0, 4, (streams, 6))
    response = np.stack([np.interp(np.linspace(0, 5, bands), range(6), k) for k in knots])
    response += generator.normal(0, 4, (streams, 1))
    return features + (response * NATURAL_LOG_PER_DB)[:, None, :].astype(np.float32)


class SpeechBatches:
    """A round is one shard, in an order that depends on the seed and the round only."""

    def __init__(self, directory: Path, shards: int, streams: int, seed: int) -> None:
        self.paths = [directory / f"train-{k:02}.npz" for k in range(shards)]
        self.mean, self.std = normalisation(directory)
        self.seed, self.streams = seed, streams
        self.steps = streams // BATCH

    def __call__(self, turn: int) -> Iterator[tuple[Tensor, Tensor]]:
        generator = np.random.default_rng([self.seed, turn])
        shard = np.load(self.paths[turn % len(self.paths)])
        features, targets = shard["features"], shard["targets"]
        order = generator.permutation(self.streams)
        for k in range(self.steps):
            rows = order[k * BATCH : (k + 1) * BATCH]
            frames = coloured(features[rows].astype(np.float32), generator)
            frames = (frames - self.mean) / self.std
            yield torch.from_numpy(frames), torch.from_numpy(targets[rows].astype(np.float32))


def selected(stored: dict[str, np.ndarray], snrs: tuple[int, ...] | None) -> dict[str, np.ndarray]:
    """The rows of a prepared set whose SNR is wanted."""
    if snrs is None:
        return stored
    wanted = np.isin(stored["snr"], snrs)
    frames = np.repeat(wanted, stored["length"])
    return {name: value[frames if len(value) == len(frames) else wanted]
            for name, value in stored.items()}


class EvaluationSet:
    """The recordings of one prepared set, with what the detectors are compared on."""

    def __init__(self, path: Path, mean: np.ndarray, std: np.ndarray, snrs=None) -> None:
        """`snrs`: only the recordings mixed at these."""
        stored = selected(dict(np.load(path)), snrs)
        self.lengths = stored["length"]
        ends = np.cumsum(self.lengths)[:-1]
        self.recordings = np.split((stored["features"] - mean) / std, ends)
        self.positive = stored["targets"] >= 0.5
        self.energy = stored["energy"]
        self.snr = np.repeat(stored["snr"], self.lengths)
        self.unit = np.repeat(stored["unit"], self.lengths)
        self.noise = np.repeat(stored["noise"], self.lengths)
        self.frame = np.concatenate([np.arange(n) for n in self.lengths])

    def scores(self, model: nn.Module, **options) -> np.ndarray:
        """The model's logits on every recording from its first frame, [frames]."""
        scores = []
        with torch.no_grad():
            for same in self._batches():
                frames = torch.from_numpy(np.stack([self.recordings[k] for k in same]))
                scores.extend(run(model, frames, **options).squeeze(-1).numpy())
        return np.concatenate(scores)

    def _batches(self) -> Iterator[list[int]]:
        """Neighbours of equal length, ten at a time."""
        group: list[int] = []
        for k, length in enumerate(self.lengths):
            if group and (len(group) == 10 or self.lengths[group[0]] != length):
                yield group
                group = []
            group.append(k)
        if group:
            yield group


def mean_auc(data: EvaluationSet, scores: np.ndarray) -> float:
    """The mean of the AUCs at the four SNRs: the figure that choices are made by."""
    figures = []
    for snr in EVALUATION_SNRS:
        here = data.snr == snr
        figures.append(auc(scores[here], data.positive[here]))
    return float(np.mean(figures))
