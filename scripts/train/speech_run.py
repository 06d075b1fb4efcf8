"""One training run of the speech task: its settings, and where its files are."""

import argparse
from pathlib import Path

import torch
from torch import nn

from cache import cache_directory
from networks import ARCHITECTURES, SPEECH_SIZES, speech_model
from speech_data import normalisation


def add_arguments(parser: argparse.ArgumentParser, architecture: bool = True) -> None:
    """The settings that name a run, the same for training, evaluation and export."""
    if architecture:
        parser.add_argument("architecture", choices=ARCHITECTURES)
        parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", choices=SPEECH_SIZES, default="default")
    parser.add_argument("--rounds", type=int, default=40, help="passes over one shard each")
    parser.add_argument("--shards", type=int, default=16, help="files of training data")
    parser.add_argument("--streams", type=int, default=360, help="streams of 10 s in each")
    parser.add_argument("--data-seed", type=int, default=1)


def data_directory(options: argparse.Namespace) -> Path:
    return cache_directory("speech", f"data-{options.streams}-seed{options.data_seed}")


class SpeechRun:
    """Of the parsed settings: architecture, size, seed, data, and the files that the steps leave."""

    def __init__(
        self, options: argparse.Namespace, architecture: str = "", seed: int = 0, size: str = ""
    ) -> None:
        self.options = options
        self.size = size or options.size
        self.architecture = architecture or options.architecture
        self.seed = seed or options.seed
        self.data = data_directory(options)
        self.folder = cache_directory("speech", f"runs-{options.streams}x{options.shards}")
        part = "" if self.size == "default" else f"-{self.size}"
        self.name = f"{self.architecture}{part}-rounds{options.rounds}-seed{self.seed}"
        self.mean, self.std = normalisation(self.data)

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.name}{suffix}"

    def trained(self) -> dict:
        """{"weights", "report"} as training left them."""
        return torch.load(self.path(".trained"), weights_only=False)

    def model(self) -> nn.Module:
        """The trained model, ready to be run."""
        model = speech_model(self.architecture, self.size)
        model.load_state_dict(self.trained()["weights"])
        return model.eval()
