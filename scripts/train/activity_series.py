"""The recordings of the activity task: seglearn's smartwatch data (BSD), and who is held out.

140 series of 6 axes at 50 Hz, 10 subjects, 7 shoulder exercises. Every series is one exercise;
streams go through several of them, one after the other, on the same arm of the same subject.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SAMPLE_RATE = 50
# Chosen by number before any training.
SUBJECTS = {"train": (1, 2, 3, 4, 5, 6, 9), "test": (7, 8, 10)}
# Augmentations are compared on training subjects alone: a model for each fold is trained without its subjects.
FOLDS = ((1, 2), (3, 4))
AXES = ("ax", "ay", "az", "wx", "wy", "wz")


@dataclass(frozen=True)
class Augmentation:
    """How far training streams differ from the recordings, beside speed, gain and noise."""

    turn: float
    """The watch is turned on the wrist by up to so many degrees."""
    mirror: bool
    """Every second stream is that of the other arm."""


# The first one is what the pair is trained with; RESULTS.md says how the others did.
AUGMENTATIONS = {
    "mirror-turn-12": Augmentation(12, True),
    "mirror-turn-30": Augmentation(30, True),
    "turn-12": Augmentation(12, False),
}


@dataclass(frozen=True)
class Series:
    """One exercise of one arm of one subject: `samples` [samples, 6], label an index."""

    subject: int
    side: int
    label: int
    samples: np.ndarray


def load() -> tuple[list[Series], list[str]]:
    """All series, and the names of the exercises."""
    package = importlib.util.find_spec("seglearn")
    if package is None or package.origin is None:
        raise SystemExit("Error: the Python package seglearn is not installed")
    path = Path(package.origin).parent / "data" / "watch_dataset.npy"
    data = np.load(path, allow_pickle=True).item()
    if tuple(data["X_labels"]) != AXES:
        raise SystemExit(f"Error: {path} has axes {data['X_labels']}, expected {AXES}")
    rows = zip(data["subject"], data["side"], data["y"], data["X"], strict=True)
    series = [Series(int(s), int(side), int(y), np.asarray(x, np.float32)) for s, side, y, x in rows]
    return series, [str(name) for name in data["y_labels"]]


def of_subjects(series: list[Series], subjects: tuple[int, ...]) -> list[Series]:
    return [s for s in series if s.subject in subjects]


def arms(series: list[Series]) -> list[list[Series]]:
    """The series by subject and arm: what one watch saw."""
    keys = sorted({(s.subject, s.side) for s in series})
    return [[s for s in series if (s.subject, s.side) == key] for key in keys]


def whole_stream(arm: list[Series], generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """All series of an arm in random order: samples [samples, 6] and labels [samples]."""
    order = generator.permutation(len(arm))
    samples = np.concatenate([arm[k].samples for k in order])
    labels = np.concatenate([np.full(len(arm[k].samples), arm[k].label) for k in order])
    return samples, labels


def rotation(generator: np.random.Generator, degrees: float) -> np.ndarray:
    """A random turn by up to `degrees`, [3, 3]: the watch sits otherwise on the wrist."""
    axis = generator.standard_normal(3)
    x, y, z = axis / np.linalg.norm(axis)
    angle = np.radians(generator.uniform(0, degrees))
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def stretched(samples: np.ndarray, factor: float) -> np.ndarray:
    """Plays [samples, 6] `factor` times as long; turn rates fall in proportion."""
    count = max(2, int(len(samples) * factor))
    at = np.linspace(0, len(samples) - 1, count)
    columns = [np.interp(at, np.arange(len(samples)), column) for column in samples.T]
    return np.stack(columns, 1) * np.array([1, 1, 1] + [1 / factor] * 3)


# The other arm is this one in a mirror: across the watch's x, acceleration as a vector, turning as an
# axial one.
MIRROR = np.array([-1, 1, 1, 1, -1, -1])


def training_stream(
    arms_of_split: list[list[Series]], frames: int, augmentation: Augmentation,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of 4 to 40 s of one arm's series: slower or faster, mirrored, turned, with noise.

    Accelerations keep their size, because most of them is gravity.
    """
    arm = arms_of_split[generator.integers(len(arms_of_split))]
    pieces, labels, length = [], [], 0
    while length < frames:
        series = arm[generator.integers(len(arm))]
        piece = stretched(series.samples, np.exp(generator.uniform(-0.35, 0.35)))
        keep = min(len(piece), int(generator.uniform(4, 40) * SAMPLE_RATE))
        start = generator.integers(len(piece) - keep + 1)
        pieces.append(piece[start : start + keep])
        labels.append(np.full(keep, series.label))
        length += keep
    samples = np.concatenate(pieces)[:frames]
    if generator.uniform() < 0.5 and augmentation.mirror:
        samples = samples * MIRROR
    turn = rotation(generator, augmentation.turn)
    samples = np.concatenate([samples[:, :3] @ turn.T, samples[:, 3:] @ turn.T], 1)
    samples *= np.exp(generator.normal(0, 0.05, 6))
    samples += generator.standard_normal(samples.shape) * generator.uniform(0, 0.06)
    return samples.astype(np.float32), np.concatenate(labels)[:frames]
