"""Token error rate, its interval over utterances, and emission delays."""

from dataclasses import dataclass, field

import numpy as np
import torch
from make_tokens_golden import aligned
from torch import nn

from ctc import time_of
from metrics import draws, interval
from recognition_data import EvaluationSet, Reference
from recognition_networks import run

BATCH = 5


def greedy(best: np.ndarray) -> tuple[list[int], np.ndarray]:
    """[frames] of the best class (0 is blank) to tokens and the frames in which they are told."""
    told = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    return best[told].tolist(), told


@dataclass
class Errors:
    """Counts over all streams: of each utterance its tokens and errors; of matched tokens the delays."""

    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    tokens: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    errors: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    after_end: list[float] = field(default_factory=list)
    after_begin: list[float] = field(default_factory=list)
    # As after_end, but from the frame that completes the chunk: what a user waits for, without the computing.
    with_chunk: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return float(self.errors.sum() / self.tokens.sum())

    def add(self, reference: Reference, hypothesis: list[int], frames: np.ndarray, chunk: int, last: int) -> None:
        """`last`: the stream's last frame, with which its last chunk ends."""
        times = time_of(frames)
        complete = time_of(np.minimum(frames // chunk * chunk + chunk - 1, last))
        utterance = reference.utterances[0]
        for i, j in aligned(reference.tokens, hypothesis):
            if i is not None:
                utterance = reference.utterances[i]
                self.tokens[utterance] += 1
            if i is None:
                self.insertions += 1
            elif j is None:
                self.deletions += 1
            elif reference.tokens[i] != hypothesis[j]:
                self.substitutions += 1
            else:
                self.after_end.append(times[j] - reference.ends[i])
                self.after_begin.append(times[j] - reference.begins[i])
                self.with_chunk.append(complete[j] - reference.ends[i])
                continue
            self.errors[utterance] += 1

    def report(self) -> dict:
        """For JSON: rate and interval, counts, delays in ms."""
        weights = draws(len(self.tokens), 1)
        sampled = (weights @ self.errors) / (weights @ self.tokens)
        low, high = interval(sampled)

        def spread(values: list[float]) -> dict[str, float]:
            if not values:
                return {}
            return {f"p{q}": round(1000 * float(np.percentile(values, q)), 1) for q in (10, 50, 90, 99)}

        return {
            "error_rate": {"value": round(self.rate, 5), "low": round(low, 5), "high": round(high, 5)},
            "tokens": int(self.tokens.sum()), "substitutions": self.substitutions,
            "deletions": self.deletions, "insertions": self.insertions,
            "emission_after_end_ms": spread(self.after_end),
            "emission_after_begin_ms": spread(self.after_begin),
            "with_chunk_after_end_ms": spread(self.with_chunk),
            "utterance_tokens": self.tokens.tolist(), "utterance_errors": self.errors.tolist(),
        }


def measure(model: nn.Module, data: EvaluationSet, chunk_size: int = 4, left_context: int = 128,
            full: bool = False, classes: int | None = None) -> Errors:
    """Every stream of a set by greedy decoding. `classes`: a second head begins there."""
    found = Errors(tokens=np.zeros(data.utterances, int), errors=np.zeros(data.utterances, int))
    with torch.no_grad():
        for first in range(0, len(data.frames), BATCH):
            frames = torch.from_numpy(data.frames[first : first + BATCH])
            best = run(model, frames, chunk_size, left_context, full)[..., :classes].argmax(-1).numpy()
            for row, own in enumerate(best):
                hypothesis, told = greedy(own)
                found.add(data.references[first + row], hypothesis, told, chunk_size, len(own) - 1)
    return found


def paired_difference(first: dict, second: dict) -> list[float]:
    """Of two reports over the same utterances: second minus first, with its 95 % interval."""
    tokens = np.array(first["utterance_tokens"])
    weights = draws(len(tokens), 1)
    more = np.array(second["utterance_errors"]) - np.array(first["utterance_errors"])
    low, high = interval((weights @ more) / (weights @ tokens))
    return [float(more.sum() / tokens.sum()), low, high]
