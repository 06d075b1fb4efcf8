"""Trains one model of the activity pair.

    train_activity.py lstm|transformer [--seed 1] [--rounds 120]
    train_activity.py lstm|transformer --folds    a model a fold and augmentation, to choose by
"""

import argparse
import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from activity_data import STEPS, ActivityBatches, correct_frames, streams_of
from activity_run import ActivityRun, add_arguments
from activity_series import AUGMENTATIONS, FOLDS
from networks import activity_model, parameter_count, training_forward
from training import Plan, train

LEARNING_RATE = {"lstm": 3e-3, "transformer": 2e-3}


def loss(logits: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), label_smoothing=0.05)


def train_run(run: ActivityRun) -> None:
    """Leaves NAME.trained. Trained on all training subjects, the last round counts."""
    streams = streams_of(run.validation)
    torch.manual_seed(run.seed)
    model = activity_model(run.architecture, len(run.labels))
    print(f"{run.name}: {parameter_count(model)} parameters", flush=True)

    def validate(trained: nn.Module) -> float:
        return float(np.concatenate(correct_frames(trained, streams, run.mean, run.std)).mean())

    rounds = run.options.rounds
    plan = Plan(rounds=rounds, steps=STEPS, seed=run.seed,
                learning_rate=LEARNING_RATE[run.architecture], validate_every=rounds)
    report = train(
        model, training_forward, loss, ActivityBatches(run.training, run.augmentation, run.seed),
        validate if streams else None, plan, run.path(".checkpoint"))
    torch.save({"weights": model.state_dict(), "report": report}, run.path(".trained"))
    figure = report["validation"]
    print(f"{run.name}: " + ("" if math.isnan(figure) else f"held-out subjects {figure:.4f}, ")
          + f"{report['seconds'] / 60:.1f} min", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    parser.add_argument("--folds", action="store_true", help="train a model a fold and augmentation")
    options = parser.parse_args()
    torch.set_num_threads(1)
    runs = [ActivityRun(options)]
    if options.folds:
        runs = [ActivityRun(options, fold=k, augmentation=a)
                for k in range(len(FOLDS)) for a in AUGMENTATIONS]
    for run in runs:
        if not run.path(".trained").exists():
            train_run(run)


if __name__ == "__main__":
    main()
