"""Trains one model of the speech pair on the prepared data.

    train_speech.py lstm|transformer [--seed 1] [--size default] [--rounds 40] ...
"""

import argparse

import torch
from torch.nn import functional as F

from networks import parameter_count, speech_model, training_forward
from prepare_speech import EVALUATION_SNRS
from speech_data import EvaluationSet, SpeechBatches, mean_auc
from speech_run import SpeechRun, add_arguments
from training import Plan, train

LEARNING_RATE = {"lstm": 3e-3, "transformer": 1.5e-3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    options = parser.parse_args()
    torch.set_num_threads(1)

    run = SpeechRun(options)
    batches = SpeechBatches(run.data, options.shards, options.streams, run.seed)
    validation = EvaluationSet(run.data / "validation.npz", run.mean, run.std, EVALUATION_SNRS)
    torch.manual_seed(run.seed)
    model = speech_model(run.architecture, run.size)
    print(f"{run.name}: {parameter_count(model)} parameters", flush=True)
    plan = Plan(rounds=options.rounds, steps=batches.steps, seed=run.seed,
                learning_rate=LEARNING_RATE[run.architecture])
    report = train(
        model, training_forward,
        lambda logits, targets: F.binary_cross_entropy_with_logits(logits.squeeze(-1), targets),
        batches, lambda m: mean_auc(validation, validation.scores(m)),
        plan, run.path(".checkpoint"))
    torch.save({"weights": model.state_dict(), "report": report}, run.path(".trained"))
    print(f"{run.name}: best validation {report['validation']:.4f} in round "
          f"{report['best_round']}, {report['seconds'] / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
