"""Measures a trained recogniser on the held-out sets by greedy decoding, chunk by chunk.

    evaluate_recognition.py lstm|gru|transformer|lstm-wait16|full|... [--seed 1] [--rounds 48] ...

Writes NAME.evaluation.json beside the trained weights. Chooses nothing.
"""

import argparse
import json

import torch

from recognition_data import EvaluationSet
from recognition_networks import CHUNK_SIZES
from recognition_run import RecognitionRun, add_arguments
from token_metrics import measure

SETS = ("test", "english")
# Chunk and left context of the Transformer; the first is what its file has by default.
ALL = [(4, 128)] + [(c, 128) for c in CHUNK_SIZES if c != 4] + [(4, 16), (4, 32), (4, 64), (1, 16), (16, 16)]
# What the study of less data compares.
FEW = [(4, 128), (1, 128), (16, 128)]


def settings_of(run: RecognitionRun) -> list[tuple[int, int]]:
    if run.variant.architecture != "transformer":
        return [(1, 0)]
    return ALL if run.options.percent == 100 else FEW


def key(chunk: int, left: int) -> str:
    return f"chunk {chunk}, left {left}" if left else "frame by frame"


def evaluate(run: RecognitionRun) -> dict:
    model = run.model()
    result: dict = {}
    for name in SETS:
        data = EvaluationSet(run.data / f"{name}.npz", run.mean, run.std)
        result[name] = {}
        for chunk, left in settings_of(run) if name == "test" else settings_of(run)[:1]:
            errors = measure(model, data, chunk, left, run.is_full)
            result[name][key(chunk, left)] = errors.report()
            rate, delay = errors.rate, result[name][key(chunk, left)]["emission_after_end_ms"]
            print(f"{run.name}: {name}, {key(chunk, left)}: token error {rate:.4f}, emission {delay} ms", flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    run = RecognitionRun(parser.parse_args())
    if run.path(".evaluation.json").exists():
        return
    torch.set_num_threads(1)
    run.path(".evaluation.json").write_text(json.dumps(evaluate(run)) + "\n")


if __name__ == "__main__":
    main()
