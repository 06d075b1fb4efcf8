"""Measures an exported recogniser on real speech, and how much it gains from a little of it.

    evaluate_real.py MODEL [--seed 1]

On the clips at 16 kHz and the prompts (8 kHz); then it is trained on for some passes over half of the prompts by
plain CTC, and measured on the other half (same speaker, other prompts, though many words are the same) and on the
clips, before and after. The adapted model is not kept. Writes evaluations/real-MODEL-seedN.json.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from lockstep_reference import LogMel, load
from torch import nn

from cache import MODELS
from ctc import Targets, loss
from espeak import tokens
from export_recognition import EVALUATIONS
from log_mel import SAMPLE_RATE
from prepare_recognition import FRONT_END
from real_speech import RealClip, clips, prompts
from recognition_data import Reference
from recognition_networks import run as run_model, training_forward
from recognition_run import VARIANTS
from speech_data import coloured
from token_metrics import Errors, greedy

PASSES, BATCH, RATE, SILENCE = 12, 8, 3e-4, SAMPLE_RATE // 4
CHUNKS = {"transformer": (1, 4, 16)}


class RealSet:
    """Clips as frames and classes; each is an utterance and begins with the model's zero state."""

    def __init__(self, own: list[RealClip], front_end: LogMel) -> None:
        number = {name: k + 1 for k, name in enumerate(tokens())}
        # A little silence lets a model that waits tell the last token.
        pad = np.zeros(SILENCE, np.float32)
        self.frames = [front_end.frames(np.concatenate([pad, clip.samples, pad])) for clip in own]
        self.said = [[number[name] for name in clip.tokens] for clip in own]

    def report(self, model: nn.Module, chunk: int) -> dict:
        count = len(self.frames)
        errors = Errors(tokens=np.zeros(count, int), errors=np.zeros(count, int))
        model.eval()
        with torch.no_grad():
            for k, (frames, said) in enumerate(zip(self.frames, self.said)):
                best = run_model(model, frames[None], chunk).argmax(-1)[0].numpy()
                nowhere = np.zeros(len(said))
                errors.add(Reference(said, nowhere, nowhere, np.full(len(said), k)), *greedy(best), 1, len(best) - 1)
        found = errors.report()
        return {k: found[k] for k in ("error_rate", "tokens", "substitutions", "deletions", "insertions")}


def adapt(model: nn.Module, data: RealSet, seed: int) -> None:
    """Some passes over the clips, each time through another frequency response."""
    generator, draws = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.01)
    steps, model = PASSES * (len(data.frames) // BATCH), model.train()
    for step in range(steps):
        rows = generator.choice(len(data.frames), BATCH, replace=False)
        longest = max(len(data.frames[row]) for row in rows)
        frames = np.stack([np.pad(data.frames[row].numpy(), ((0, longest - len(data.frames[row])), (0, 0)), mode="edge")
                           for row in rows])
        frames = torch.from_numpy(frames + coloured(np.zeros_like(frames), generator) / 4)
        wanted = Targets(torch.tensor([t for row in rows for t in data.said[row]]),
                         torch.tensor([len(data.said[row]) for row in rows]), None, None)
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 20) * (1 - step / steps)
        optimiser.zero_grad()
        loss(training_forward(model, frames, draws), wanted).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=VARIANTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", type=Path, default=MODELS / "recognition")
    options = parser.parse_args()
    torch.set_num_threads(1)
    part = "" if options.seed == 1 else f"-seed{options.seed}"
    loaded = load(options.models / f"recognition-{options.model}{part}.safetensors")
    spoken = prompts()
    halves = [[p for p in spoken if hashlib.sha256(p.name.encode()).digest()[0] % 2 == half] for half in (0, 1)]
    sets = {name: RealSet(own, loaded.front_end) for name, own in
            {"clips": clips(), "prompts": spoken, "trained": halves[0], "other": halves[1]}.items()}
    result: dict = {"model": options.model, "seed": options.seed, "chunks": {}}
    chunks = CHUNKS.get(VARIANTS[options.model].architecture, (1,))
    for chunk in chunks:
        result["chunks"][str(chunk)] = {name: sets[name].report(loaded.model, chunk)
                                        for name in ("clips", "prompts", "other")}
    adapt(loaded.model, sets["trained"], options.seed)
    for chunk in chunks:
        result["chunks"][str(chunk)]["adapted"] = {
            name: sets[name].report(loaded.model, chunk) for name in ("clips", "other")}
    EVALUATIONS.mkdir(exist_ok=True)
    path = EVALUATIONS / f"real-{options.model}-seed{options.seed}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    for chunk, own in result["chunks"].items():
        print(f"{options.model}, chunk {chunk}: clips {own['clips']['error_rate']}, "
              f"prompts {own['prompts']['error_rate']}, adapted: clips {own['adapted']['clips']['error_rate']}, other half "
              f"{own['other']['error_rate']} to {own['adapted']['other']['error_rate']}", flush=True)


if __name__ == "__main__":
    main()
