"""One training run of the activity task: its settings, data, and where its files are."""

import argparse
from pathlib import Path

import torch
from torch import nn

import activity_series
from activity_data import normalisation
from activity_series import AUGMENTATIONS, FOLDS, SUBJECTS
from cache import cache_directory
from networks import ARCHITECTURES, activity_model

DEFAULT_AUGMENTATION = next(iter(AUGMENTATIONS))


def add_arguments(parser: argparse.ArgumentParser, architecture: bool = True) -> None:
    """The settings that name a run, the same for training, evaluation and export."""
    if architecture:
        parser.add_argument("architecture", choices=ARCHITECTURES)
        parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=120, help="of 20 batches each")


class ActivityRun:
    """Architecture, seed and data of a run, and the files that its steps leave.

    With a `fold`, that fold's subjects are kept back to validate on.
    """

    def __init__(
        self, options: argparse.Namespace, architecture: str = "", seed: int = 0,
        fold: int | None = None, augmentation: str = DEFAULT_AUGMENTATION,
    ) -> None:
        self.options = options
        self.architecture = architecture or options.architecture
        self.seed = seed or options.seed
        self.series, self.labels = activity_series.load()
        held_out = () if fold is None else FOLDS[fold]
        kept = tuple(s for s in SUBJECTS["train"] if s not in held_out)
        self.training = activity_series.of_subjects(self.series, kept)
        self.validation = activity_series.of_subjects(self.series, held_out)
        self.test = activity_series.of_subjects(self.series, SUBJECTS["test"])
        self.augmentation = AUGMENTATIONS[augmentation]
        self.mean, self.std = normalisation(self.training)
        self.folder = cache_directory("activity", "runs")
        part = "" if fold is None else f"-{augmentation}-fold{fold}"
        self.name = f"{self.architecture}-rounds{options.rounds}{part}-seed{self.seed}"

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.name}{suffix}"

    def trained(self) -> dict:
        """{"weights", "report"} as training left them."""
        return torch.load(self.path(".trained"), weights_only=False)

    def model(self) -> nn.Module:
        """The trained model, ready to be run."""
        model = activity_model(self.architecture, len(self.labels))
        model.load_state_dict(self.trained()["weights"])
        return model.eval()
