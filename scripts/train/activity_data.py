"""The activity recordings as the training loop and the evaluation take them."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

import activity_series
from activity_series import Augmentation, Series
from networks import run

BATCH, FRAMES, STEPS = 4, 800, 20


def normalisation(series: list[Series]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every channel over the training subjects."""
    samples = np.concatenate([s.samples for s in series]).astype(np.float64)
    return samples.mean(0).astype(np.float32), samples.std(0).astype(np.float32)


class ActivityBatches:
    """Every batch is made anew, from the seed, the round and nothing else."""

    steps = STEPS

    def __init__(self, series: list[Series], augmentation: Augmentation, seed: int) -> None:
        self.arms = activity_series.arms(series)
        self.mean, self.std = normalisation(series)
        self.augmentation, self.seed = augmentation, seed

    def __call__(self, turn: int) -> Iterator[tuple[Tensor, Tensor]]:
        generator = np.random.default_rng([self.seed, turn])
        for _ in range(STEPS):
            streams = [activity_series.training_stream(self.arms, FRAMES, self.augmentation, generator)
                       for _ in range(BATCH)]
            frames = np.stack([samples for samples, _ in streams])
            labels = np.stack([label for _, label in streams])
            yield torch.from_numpy((frames - self.mean) / self.std), torch.from_numpy(labels)


def streams_of(series: list[Series]) -> list[tuple[np.ndarray, np.ndarray]]:
    """One stream through all seven exercises per arm: samples [samples, 6], labels [samples]."""
    return [activity_series.whole_stream(arm, np.random.default_rng([5, k]))
            for k, arm in enumerate(activity_series.arms(series))]


@torch.no_grad()
def correct_frames(model: nn.Module, streams, mean, std, **options) -> list[np.ndarray]:
    """Per stream: which frames the model names rightly, [frames] each."""
    result = []
    for samples, labels in streams:
        logits = run(model, torch.from_numpy((samples - mean) / std)[None], **options)[0]
        result.append(logits.argmax(-1).numpy() == labels)
    return result
