"""One training run of the activity task: its settings, data, and where its files are."""

import argparse
from pathlib import Path

import torch
from torch import nn

import activity_series
from activity_data import normalisation
from cache import cache_directory
from networks import ARCHITECTURES, activity_model


def add_arguments(parser: argparse.ArgumentParser, architecture: bool = True) -> None:
    """The settings that name a run, the same for training, evaluation and export."""
    if architecture:
        parser.add_argument("architecture", choices=ARCHITECTURES)
        parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=60, help="of 20 batches each")


class ActivityRun:
    """Of the parsed settings: architecture, seed, series, and the files that the steps leave."""

    def __init__(self, options: argparse.Namespace, architecture: str = "", seed: int = 0) -> None:
        self.options = options
        self.architecture = architecture or options.architecture
        self.seed = seed or options.seed
        self.series, self.labels = activity_series.load()
        self.mean, self.std = normalisation(self.split("train"))
        self.folder = cache_directory("activity", "runs")
        self.name = f"{self.architecture}-rounds{options.rounds}-seed{self.seed}"

    def split(self, name: str) -> list[activity_series.Series]:
        return activity_series.of_split(self.series, name)

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
