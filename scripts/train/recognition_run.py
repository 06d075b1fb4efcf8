"""One training run of the recognition task: what is trained, how, and where its files are."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from cache import cache_directory
from ctc import TIMINGS
from espeak import tokens
from recognition_data import normalisation
from recognition_networks import BOUNDS, SIZES, STREAMING, make


@dataclass(frozen=True)
class Variant:
    """A model by its name: lstm, gru-small, lstm-wait16, full ..."""

    architecture: str
    size: str = "base"
    wait: int = 0

    @property
    def name(self) -> str:
        size = "" if self.size == "base" else f"-{self.size}"
        return self.architecture + size + (f"-wait{self.wait}" if self.wait else "")


_ALL = [Variant(a) for a in STREAMING] + [Variant("lstm", wait=w) for w in (4, 16)]
_ALL += [Variant(a) for a in BOUNDS]
_ALL += [Variant(a, size) for size in SIZES if size != "base" for a in STREAMING if a in SIZES[size]]
VARIANTS = {variant.name: variant for variant in _ALL}
ROUNDS = 48
TIMING = "places"
# Nine frames in ten are blank, which a model need not learn first.
BLANK_BIAS = 4.0


def add_arguments(parser: argparse.ArgumentParser, model: bool = True) -> None:
    """The settings that name a run, the same for training, evaluation and export."""
    if model:
        parser.add_argument("model", choices=VARIANTS)
        parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="passes over one shard each")
    parser.add_argument("--timing", choices=TIMINGS, default=TIMING)
    parser.add_argument("--shards", type=int, default=16, help="files of training data")
    parser.add_argument("--streams", type=int, default=750, help="streams of 4.8 s in each")
    parser.add_argument("--percent", type=int, default=100, help="of the streams are used, the same number a round")
    parser.add_argument("--data-seed", type=int, default=1)


def data_directory(options: argparse.Namespace) -> Path:
    return cache_directory("recognition", f"data-{options.streams}-seed{options.data_seed}")


class RecognitionRun:
    """Of the parsed settings: the variant, seed, data, and the files that the steps leave."""

    def __init__(self, options: argparse.Namespace, model: str = "", seed: int = 0, timing: str = "") -> None:
        self.options = options
        self.variant = VARIANTS[model or options.model]
        self.seed = seed or options.seed
        self.timing = timing or options.timing
        self.data = data_directory(options)
        self.folder = cache_directory("recognition", f"runs-{options.streams}x{options.shards}")
        self.name = f"{self.variant.name}-{self.timing}-rounds{options.rounds}-seed{self.seed}"
        if options.percent < 100:
            self.name += f"-percent{options.percent}"
        self.mean, self.std = normalisation(self.data)

    @property
    def is_full(self) -> bool:
        return self.variant.architecture == "full"

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.name}{suffix}"

    def untrained(self) -> nn.Module:
        """With a second head, for labels of frames, where the loss has such."""
        classes = len(tokens()) + 1
        model = make(self.variant.architecture, self.variant.size,
                     2 * classes if self.timing in ("frames", "both") else classes)
        with torch.no_grad():
            model.head.bias[0] += BLANK_BIAS
        return model

    def trained(self) -> dict:
        """{"weights", "report"} as training left them."""
        return torch.load(self.path(".trained"), weights_only=False)

    def model(self) -> nn.Module:
        """The trained model, ready to be run, without a second head."""
        classes = len(tokens()) + 1
        model = make(self.variant.architecture, self.variant.size)
        weights = self.trained()["weights"]
        for name in ("head.weight", "head.bias"):
            weights[name] = weights[name][:classes]
        model.load_state_dict(weights)
        return model.eval()
