"""The training loop of both tasks: resumable, single-threaded, the same budget for every model."""

import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

# A round's batches, the same for every architecture: (frames, targets).
Batches = Callable[[int], Iterator[tuple[Tensor, Tensor]]]


@dataclass(frozen=True)
class Plan:
    """How long and how fast: `rounds` passes of `steps` batches, one learning-rate curve over all."""

    rounds: int
    steps: int
    learning_rate: float
    seed: int
    weight_decay: float = 0.01
    warm_up: float = 0.05
    average: float = 0.995
    validate_every: int = 4
    # Whether it ends at the first validation that is no better than the best: little data is learned by heart.
    ends_when_worse: bool = False

    def rate(self, step: int) -> float:
        """Linear warm-up, then half a cosine down to 2 % of the peak."""
        total = self.rounds * self.steps
        ramp = max(1, int(self.warm_up * total))
        if step < ramp:
            return self.learning_rate * (step + 1) / ramp
        progress = (step - ramp) / max(1, total - ramp)
        return self.learning_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))


class Average:
    """An exponential moving average of the weights: what is validated and exported."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.updates = decay, 0
        self.weights = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.updates += 1
        # Shorter at first, or the random start would linger.
        decay = min(self.decay, self.updates / (self.updates + 9))
        for name, value in model.state_dict().items():
            self.weights[name].lerp_(value, 1 - decay)


def train(
    model: nn.Module,
    forward: Callable[[nn.Module, Tensor, torch.Generator], Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    batches: Batches,
    validate: Callable[[nn.Module], float] | None,
    plan: Plan,
    checkpoint: Path,
) -> dict:
    """Trains `model` in place and leaves averaged weights in it: those of the best validated round,
    or of the last one where there is nothing to validate on.

    `forward` may draw (chunk sizes) from the generator that it is given. `validate` is a figure to
    be high. Returns {"best_round", "validation", "history", "seconds", "cpu_seconds"}: the time that
    passed in the rounds, and what the process used of it.
    """
    torch.manual_seed(plan.seed)
    generator = torch.Generator().manual_seed(plan.seed)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": plan.weight_decay},
         {"params": plain, "weight_decay": 0.0}], lr=plan.learning_rate, betas=(0.9, 0.98))
    average = Average(model, plan.average)
    state = {"round": 0, "best": -math.inf, "best_round": -1, "best_weights": None, "history": [],
             "seconds": 0.0, "cpu_seconds": 0.0}
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average.weights, average.updates = saved["average"]
        generator.set_state(saved["generator"])
        state = saved["state"]
        print(f"{checkpoint.stem}: goes on after round {state['round']}", flush=True)

    for turn in range(state["round"], plan.rounds):
        began, cpu_began, total, count = time.monotonic(), time.process_time(), 0.0, 0
        model.train()
        for frames, targets in batches(turn):
            for group in optimiser.param_groups:
                group["lr"] = plan.rate(turn * plan.steps + count)
            value = loss(forward(model, frames, generator), targets)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            average.update(model)
            total, count = total + value.item(), count + 1
        if count != plan.steps:
            raise ValueError(f"a round had {count} batches, the plan says {plan.steps}")
        current = {k: v.clone() for k, v in model.state_dict().items()}
        figure, is_worse = math.nan, False
        if validate and ((turn + 1) % plan.validate_every == 0 or turn + 1 == plan.rounds):
            model.load_state_dict(average.weights)
            model.eval()
            figure = validate(model)
            is_worse = not figure > state["best"]
            if not is_worse:
                state |= {"best": figure, "best_round": turn + 1,
                          "best_weights": {k: v.clone() for k, v in average.weights.items()}}
            model.load_state_dict(current)
        took = time.monotonic() - began
        state["round"], state["seconds"] = turn + 1, state["seconds"] + took
        state["cpu_seconds"] += time.process_time() - cpu_began
        state["history"].append((total / count, figure))
        unfinished = checkpoint.with_suffix(".unfinished")
        torch.save({"model": current, "optimiser": optimiser.state_dict(), "state": state,
                    "average": (average.weights, average.updates),
                    "generator": generator.get_state()}, unfinished)
        os.replace(unfinished, checkpoint)
        left = state["seconds"] / (turn + 1) * (plan.rounds - turn - 1) / 60
        print(f"{checkpoint.stem}: round {turn + 1}/{plan.rounds}, loss {total / count:.4f}, "
              + ("" if math.isnan(figure) else f"validation {figure:.4f}, ")
              + f"{took:.0f} s, about {left:.1f} min left", flush=True)
        if plan.ends_when_worse and is_worse:
            break
    if validate is None:
        state |= {"best": math.nan, "best_round": plan.rounds, "best_weights": average.weights}
    model.load_state_dict(state["best_weights"])
    model.eval()
    return {"best_round": state["best_round"], "validation": state["best"],
            "history": state["history"], "seconds": state["seconds"],
            "cpu_seconds": state["cpu_seconds"]}
