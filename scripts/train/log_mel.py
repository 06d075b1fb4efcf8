"""The front end of the speech task: log-mel bands by the reference, and the energy of the same frames."""

import numpy as np
from lockstep_reference import LogMel

SAMPLE_RATE, WINDOW, HOP, BANDS = 16000, 400, 160, 40
# The bands end at 3.8 kHz, because the training recordings have 8 kHz.
SETTINGS = dict(sample_rate=SAMPLE_RATE, window=WINDOW, hop=HOP, mel_bands=BANDS,
                low_hz=20, high_hz=3800)
_front_end = LogMel(**SETTINGS)


def frame_count(samples: int) -> int:
    """Whole windows only: floor((samples - window) / hop) + 1."""
    return (samples - WINDOW) // HOP + 1 if samples >= WINDOW else 0


def sample_count(frames: int) -> int:
    """The fewest samples that give `frames` frames."""
    return (frames - 1) * HOP + WINDOW


def log_mel(samples: np.ndarray) -> np.ndarray:
    """[samples] in -1...1 to [frames, 40], natural log, not yet normalised."""
    return _front_end.features(samples).numpy()


def log_energy(samples: np.ndarray) -> np.ndarray:
    """[samples] to [frames]: natural log of the mean square of each frame's window."""
    total = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    starts = np.arange(frame_count(len(samples))) * HOP
    power = (total[starts + WINDOW] - total[starts]) / WINDOW
    return np.log(np.maximum(power, 1e-12)).astype(np.float32)
