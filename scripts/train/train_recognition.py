"""Trains one recogniser on the prepared data.

    train_recognition.py lstm|gru|transformer|lstm-wait16|full|lstm-small|... [--seed 1] [--rounds 48] ...
"""

import argparse

import torch

from ctc import loss
from espeak import tokens
from networks import parameter_count
from recognition_data import EvaluationSet, RecognitionBatches
from recognition_networks import make, training_forward
from recognition_run import RecognitionRun, add_arguments
from token_metrics import measure
from training import Plan, train

LEARNING_RATE = {"lstm": 3e-3, "gru": 2e-3, "transformer": 1.5e-3, "min_gru": 3e-3,
                 "bidirectional": 3e-3, "full": 1.5e-3}
SLOWER = {"small": 1.3, "base": 1.0, "large": 0.7}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    options = parser.parse_args()
    torch.set_num_threads(1)

    run = RecognitionRun(options)
    if run.path(".trained").exists():
        return
    batches = RecognitionBatches(
        run.data, options.shards, options.streams, run.seed, len(tokens()) + 1, run.timing, run.variant.wait,
        options.rounds, options.percent)
    validation = EvaluationSet(run.data / "validation.npz", run.mean, run.std)
    torch.manual_seed(run.seed)
    model = run.untrained()
    print(f"{run.name}: {parameter_count(make(run.variant.architecture, run.variant.size))} parameters", flush=True)
    plan = Plan(rounds=options.rounds, steps=batches.steps, seed=run.seed,
                # Of little data the best round may come early.
                validate_every=8 if options.percent == 100 else 4, ends_when_worse=options.percent < 100,
                learning_rate=LEARNING_RATE[run.variant.architecture] * SLOWER[run.variant.size])
    report = train(
        model, lambda m, frames, generator: training_forward(m, frames, generator, run.is_full), loss, batches,
        # What does not wait as long as it shall is no candidate.
        lambda m: 0.0 if batches.wait_now < run.variant.wait
        else 1 - measure(m, validation, full=run.is_full, classes=len(tokens()) + 1).rate,
        plan, run.path(".checkpoint"))
    torch.save({"weights": model.state_dict(), "report": report}, run.path(".trained"))
    print(f"{run.name}: best validation {report['validation']:.4f} in round "
          f"{report['best_round']}, {report['seconds'] / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
