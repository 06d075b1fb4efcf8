"""AUC and accuracy with bootstrap intervals over units (recordings, or blocks of one second)."""

import numpy as np

RESAMPLES = 1000


class WeightedAUC:
    """AUC of one detector's scores, to be asked again and again for other weights of the frames."""

    def __init__(self, scores: np.ndarray, positive: np.ndarray) -> None:
        """`scores` and `positive`: [frames]."""
        self.order = np.argsort(scores, kind="stable")
        ordered = scores[self.order]
        self.positive = positive[self.order].astype(np.float64)
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        self.starts = starts  # of runs of equal scores, which count half

    def __call__(self, weights: np.ndarray) -> float:
        w = weights[self.order]
        up = np.add.reduceat(w * self.positive, self.starts)
        down = np.add.reduceat(w * (1 - self.positive), self.starts)
        below = np.cumsum(down) - down
        total = up.sum() * down.sum()
        return float(np.sum(up * (below + down / 2)) / total) if total else float("nan")


def rounded(value):
    """Figures to four digits, all the way down."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value


def interval(values: np.ndarray) -> list[float]:
    """The 95 % percentile interval."""
    return [float(v) for v in np.nanpercentile(values, [2.5, 97.5])]


def draws(units: np.ndarray, seed: int) -> np.ndarray:
    """[frames] of unit numbers to [resamples, frames]-like weights, as [resamples, units] counts."""
    count = int(units.max()) + 1
    generator = np.random.default_rng(seed)
    return generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)


def auc_comparison(
    detectors: dict[str, np.ndarray], positive: np.ndarray, units: np.ndarray, baseline: str,
    seed: int = 1,
) -> dict[str, dict]:
    """AUC of every detector with its interval and the paired interval of its lead over `baseline`.

    All arrays are [frames]; `units` numbers, from 0, what the bootstrap draws with replacement.
    """
    _, units = np.unique(units, return_inverse=True)
    measures = {name: WeightedAUC(scores, positive) for name, scores in detectors.items()}
    everything = np.ones(len(positive))
    counts = draws(units, seed)
    sampled = {name: np.empty(len(counts)) for name in detectors}
    for k, count in enumerate(counts):
        weights = count[units].astype(np.float64)
        for name, measure in measures.items():
            sampled[name][k] = measure(weights)
    result = {}
    for name, measure in measures.items():
        result[name] = {"auc": measure(everything), "interval": interval(sampled[name])}
        if name != baseline:
            lead = sampled[name] - sampled[baseline]
            result[name]["lead_interval"] = interval(lead)
    return result


def accuracy(correct: np.ndarray, units: np.ndarray, seed: int = 1) -> dict:
    """Share of [frames] that are correct, with its interval over `units`."""
    _, units = np.unique(units, return_inverse=True)
    hits = np.bincount(units, weights=correct)
    sizes = np.bincount(units)
    counts = draws(units, seed)
    sampled = (counts @ hits) / (counts @ sizes)
    return {"accuracy": float(correct.mean()), "interval": interval(sampled)}
