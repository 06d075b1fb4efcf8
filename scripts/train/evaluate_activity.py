"""Measures a trained activity model on the held-out subjects, beside the majority class.

    evaluate_activity.py lstm|transformer [--seed 1] [--rounds 120]

Writes NAME.evaluation.json beside the trained weights. Chooses nothing.
"""

import argparse
import json

import numpy as np
import torch

from activity_data import correct_frames, streams_of
from activity_run import ActivityRun, add_arguments
from activity_series import arms
from metrics import accuracy, rounded
from networks import REPORTED_CHUNKS


def evaluate(run: ActivityRun) -> dict:
    """Every arm of a test subject is one stream through all its series; the bootstrap draws series."""
    model, series = run.model(), run.test
    streams = streams_of(series)
    subjects = np.concatenate(
        [np.full(len(labels), arm[0].subject) for arm, (_, labels) in zip(arms(series), streams)])
    labels = np.concatenate([labels for _, labels in streams])
    # A series ends where the label changes, or the stream.
    stream = np.concatenate([np.full(len(own), k) for k, (_, own) in enumerate(streams)])
    units = stream * 100 + labels
    correct = np.concatenate(correct_frames(model, streams, run.mean, run.std))
    training_labels = np.concatenate([np.full(len(s.samples), s.label) for s in run.training])
    majority = int(np.bincount(training_labels).argmax())
    result = {
        "unit": "series",
        "units": len(set(units.tolist())),
        "frames": len(labels),
        **accuracy(correct, units),
        "majority_class": run.labels[majority],
        "majority_class_accuracy": float((labels == majority).mean()),
        "by_subject": {str(s): float(correct[subjects == s].mean()) for s in sorted(set(subjects))},
        "by_label": {name: float(correct[labels == k].mean()) for k, name in enumerate(run.labels)},
    }
    if run.architecture == "transformer":
        result["accuracy_by_chunk"] = {
            str(chunk): float(np.concatenate(
                correct_frames(model, streams, run.mean, run.std, chunk_size=chunk)).mean())
            for chunk in REPORTED_CHUNKS
        }
    return rounded(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    run = ActivityRun(parser.parse_args())
    torch.set_num_threads(1)
    result = evaluate(run)
    run.path(".evaluation.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"{run.name}: test accuracy {result['accuracy']:.3f} {result['interval']}, "
          f"majority class {result['majority_class_accuracy']:.3f}", flush=True)


if __name__ == "__main__":
    main()
