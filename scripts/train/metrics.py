"""AUC and accuracy with bootstrap intervals over units (recordings, or blocks of one second)."""

import numpy as np

RESAMPLES = 1000
BINS = 4000


def auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve of [frames]: how often a positive frame scores above a negative one."""
    values, rank = np.unique(scores, return_inverse=True)
    up = np.bincount(rank[positive], minlength=len(values))
    down = np.bincount(rank[~positive], minlength=len(values))
    return float(_area(up.astype(np.float64), down.astype(np.float64)))


def _area(up: np.ndarray, down: np.ndarray) -> np.ndarray:
    """AUC of counts of positive and negative frames by ascending score, [..., scores]; ties are half."""
    below = np.cumsum(down, -1) - down
    pairs = up.sum(-1) * down.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sum(up * (below + down / 2), -1) / pairs


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


def draws(units: int, seed: int) -> np.ndarray:
    """[resamples, units]: how often each unit is drawn, with replacement."""
    return np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=RESAMPLES)


def resampled_auc(
    scores: np.ndarray, positive: np.ndarray, units: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """[resamples]: the AUC of every resample of units, with scores sorted into 4,000 equal bins."""
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, BINS + 1)[1:-1]))
    place = units * (len(edges) + 1) + np.searchsorted(edges, scores, side="right")
    shape = (counts.shape[1], len(edges) + 1)
    up = np.bincount(place[positive], minlength=shape[0] * shape[1]).reshape(shape)
    down = np.bincount(place[~positive], minlength=shape[0] * shape[1]).reshape(shape)
    weights = counts.astype(np.float32)  # counts of frames stay exact
    return _area((weights @ up.astype(np.float32)).astype(np.float64),
                 (weights @ down.astype(np.float32)).astype(np.float64))


def auc_comparison(
    detectors: dict[str, np.ndarray], positive: np.ndarray, units: np.ndarray, baseline: str,
    seed: int = 1,
) -> dict[str, dict]:
    """AUC of every detector with its interval and the paired interval of its lead over `baseline`.

    All arrays are [frames]; `units` names what the bootstrap draws with replacement.
    """
    names, units = np.unique(units, return_inverse=True)
    counts = draws(len(names), seed)
    sampled = {
        name: resampled_auc(scores, positive, units, counts) for name, scores in detectors.items()
    }
    result = {}
    for name, scores in detectors.items():
        result[name] = {"auc": auc(scores, positive), "interval": interval(sampled[name])}
        if name != baseline:
            result[name]["lead_interval"] = interval(sampled[name] - sampled[baseline])
    return result


def accuracy(correct: np.ndarray, units: np.ndarray, seed: int = 1) -> dict:
    """Share of [frames] that are correct, with its interval over `units`."""
    _, units = np.unique(units, return_inverse=True)
    hits = np.bincount(units, weights=correct)
    sizes = np.bincount(units)
    counts = draws(len(hits), seed)
    sampled = (counts @ hits) / (counts @ sizes)
    return {"accuracy": float(correct.mean()), "interval": interval(sampled)}
