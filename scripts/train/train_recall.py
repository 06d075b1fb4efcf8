"""Trains models that recall: which of four symbols came k frames ago, for eight k at once.

    train_recall.py [MODEL...] [--seed 1] [--rounds 100] [--to DIRECTORY]

Symbols are random and never end, so that a model has to hold many at once and drop the oldest: what is right by
chance is a quarter. Writes samples/models/recall/recall-MODEL.safetensors, evaluations/recall-MODEL-seedN.json and the
table in RESULTS.md; --to writes the file alone.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from lockstep_reference import ChannelNormaliser, RecurrentModel, StreamingTransformer, export, load
from torch import Tensor, nn
from torch.nn import functional as F

from banded_attention import banded
from cache import MODELS, cache_directory
from networks import check_equal_sizes, parameter_count, remembering
from results import renew, table
from training import Batches, Plan, train

SYMBOLS = 4
LAGS = (1, 2, 4, 8, 16, 32, 64, 128)
OUTPUTS = SYMBOLS * len(LAGS)
FRAME_RATE = 100
BATCH, FRAMES, STEPS = 16, 320, 25
# Left contexts that the Transformer is trained and measured with; what two layers reach is twice as far.
WINDOWS = (8, 16, 32, 64)
LEARNING_RATE = {"rnn": 1e-3, "lstm": 5e-3, "gru": 4e-3, "transformer": 2e-3}
HIDDEN = {"rnn": 143, "lstm": 72, "gru": 83}
EVALUATIONS = Path(__file__).with_name("evaluations")
TEST = (32, 2_000)


def untrained(name: str) -> nn.Module:
    """About 25 k parameters each, equal within 5 %."""
    if name == "transformer":
        return StreamingTransformer(
            input_size=SYMBOLS, model_size=48, head_count=4, feed_forward_size=24, layer_count=2, output_size=OUTPUTS,
            mask="chunk", chunk_size=1, left_context=WINDOWS[-1], activation="gelu_tanh",
            max_left_context=WINDOWS[-1], chunk_sizes=[1])
    model = RecurrentModel(
        name, input_size=SYMBOLS, projection_size=0, hidden_size=HIDDEN[name], layer_count=1, output_size=OUTPUTS,
        nonlinearity="tanh" if name == "rnn" else None)
    return remembering(model) if name == "lstm" else model


def streams(generator: np.random.Generator, count: int, frames: int) -> tuple[Tensor, Tensor]:
    """Symbols as [streams, frames, 4], and what there was at each lag [streams, frames, lags]; -1 before the start."""
    symbols = generator.integers(SYMBOLS, size=(count, frames))
    truth = np.full((count, frames, len(LAGS)), -1)
    for place, lag in enumerate(LAGS):
        truth[:, lag:, place] = symbols[:, :-lag]
    return F.one_hot(torch.from_numpy(symbols), SYMBOLS).float(), torch.from_numpy(truth)


def loss(logits: Tensor, truth: Tensor) -> Tensor:
    return F.cross_entropy(logits.reshape(-1, SYMBOLS), truth.reshape(-1), ignore_index=-1)


def forward(model: nn.Module, frames: Tensor, generator: torch.Generator) -> Tensor:
    """Every batch the Transformer has another left context."""
    if isinstance(model, RecurrentModel):
        return model(frames)
    draw = int(torch.randint(len(WINDOWS), (1,), generator=generator))
    return banded(model, frames, 1, WINDOWS[draw])


def batches(seed: int) -> Batches:
    def make(turn: int) -> Iterator[tuple[Tensor, Tensor]]:
        generator = np.random.default_rng([seed, turn])
        for _ in range(STEPS):
            yield streams(generator, BATCH, FRAMES)
    return make


@torch.no_grad()
def accuracy(model: nn.Module, left: int | None) -> list[float]:
    """For each lag, over the same test streams for every model."""
    frames, truth = streams(np.random.default_rng(99), *TEST)
    logits = model(frames) if left is None else banded(model, frames, 1, left)
    right = logits.reshape(*truth.shape, SYMBOLS).argmax(-1) == truth
    kept = slice(LAGS[-1], None)
    return right[:, kept].float().mean((0, 1)).tolist()


def provenance(name: str, seed: int, rounds: int, model: nn.Module, found: dict) -> dict:
    return {
        "task": f"which of {SYMBOLS} symbols came {', '.join(map(str, LAGS))} frames ago",
        "data": "random symbols, made as they are needed", "licences": {},
        "training_line": f"scripts/train/recall --model {name} --seed {seed}", "seed": seed,
        "parameters": parameter_count(model),
        "epochs": {"rounds": rounds, "batches_a_round": STEPS, "batch": f"{BATCH} x {FRAMES} frames"},
        "quality": found,
    }


def one(name: str, options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    model = untrained(name)
    print(f"recall-{name}: {parameter_count(model)} parameters", flush=True)
    plan = Plan(rounds=options.rounds, steps=STEPS, seed=options.seed, learning_rate=LEARNING_RATE[name])
    checkpoint = cache_directory("recall") / f"{name}-rounds{options.rounds}-seed{options.seed}.checkpoint"
    report = train(model, forward, loss, batches(options.seed), None, plan, checkpoint)
    windows = WINDOWS if name == "transformer" else (None,)
    found = {"lags": list(LAGS), "accuracy": {
        "frame by frame" if left is None else f"left {left}": [round(v, 4) for v in accuracy(model, left)]
        for left in windows}}
    folder = options.to or MODELS / "recall"
    folder.mkdir(parents=True, exist_ok=True)
    part = "" if options.seed == 1 else f"-seed{options.seed}"
    path = folder / f"recall-{name}{part}.safetensors"
    names = [f"symbol {k}" for k in range(SYMBOLS)]
    front_end = ChannelNormaliser(FRAME_RATE, SYMBOLS, np.zeros(SYMBOLS), np.ones(SYMBOLS), names)
    labels = [f"{lag} ago: {symbol}" for lag in LAGS for symbol in range(SYMBOLS)]
    export(path, model, front_end, labels, "none",
           provenance(name, options.seed, options.rounds, model, found))
    frames, _ = streams(np.random.default_rng(98), 1, 300)
    with torch.no_grad():
        difference = float((load(path).outputs(frames[0].numpy()) - model(frames)[0]).abs().max())
    if not difference <= 1e-4:
        raise SystemExit(f"Error: {path} gives other outputs than the trained model: {difference}")
    print(f"{path.name}: {path.stat().st_size} bytes, {found['accuracy']}", flush=True)
    if options.to is None:
        kept = {"model": name, "seed": options.seed, "parameters": parameter_count(model),
                "minutes": round(report["cpu_seconds"] / 60, 1)} | found
        (EVALUATIONS / f"recall-{name}-seed{options.seed}.json").write_text(json.dumps(kept) + "\n")


def lines() -> list[str]:
    rows = []
    for path in sorted(EVALUATIONS.glob("recall-*.json")):
        kept = json.loads(path.read_text())
        for setting, values in kept["accuracy"].items():
            rows.append([kept["model"], str(kept["seed"]), str(kept["parameters"]), setting,
                         *(f"{100 * v:.0f} %" for v in values), f"{kept['minutes']}"])
    return table(["model", "seed", "parameters", "setting", *(f"{lag} ago" for lag in LAGS), "core minutes"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=[*HIDDEN, "transformer"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--to", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    check_equal_sizes({name: parameter_count(untrained(name)) for name in [*HIDDEN, "transformer"]})
    for name in options.models:
        one(name, options)
    if options.to is None:
        renew("recall", lines())


if __name__ == "__main__":
    main()
