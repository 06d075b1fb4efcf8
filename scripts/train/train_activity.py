"""Trains one model of the activity pair.

    train_activity.py lstm|transformer [--seed 1] [--rounds 60]
"""

import argparse

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from activity_data import STEPS, ActivityBatches, correct_frames, streams_of
from activity_run import ActivityRun, add_arguments
from networks import activity_model, parameter_count, training_forward
from training import Plan, train

LEARNING_RATE = {"lstm": 3e-3, "transformer": 2e-3}


def loss(logits: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), label_smoothing=0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    options = parser.parse_args()
    torch.set_num_threads(1)

    run = ActivityRun(options)
    validation = streams_of(run.split("validation"))
    torch.manual_seed(run.seed)
    model = activity_model(run.architecture, len(run.labels))
    print(f"{run.name}: {parameter_count(model)} parameters", flush=True)

    def validate(trained: nn.Module) -> float:
        return float(np.concatenate(correct_frames(trained, validation, run.mean, run.std)).mean())

    plan = Plan(rounds=options.rounds, steps=STEPS, seed=run.seed,
                learning_rate=LEARNING_RATE[run.architecture])
    report = train(model, training_forward, loss, ActivityBatches(run.split("train"), run.seed),
                   validate, plan, run.path(".checkpoint"))
    torch.save({"weights": model.state_dict(), "report": report}, run.path(".trained"))
    print(f"{run.name}: best validation {report['validation']:.4f} in round "
          f"{report['best_round']}, {report['seconds'] / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
