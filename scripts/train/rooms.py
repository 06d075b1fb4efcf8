"""Rooms by a formula: the direct sound, a few early reflections, and a tail of noise that dies away."""

import numpy as np
from scipy.signal import fftconvolve

from recordings import SAMPLE_RATE


def impulse_response(generator: np.random.Generator) -> np.ndarray:
    """The direct sound comes at once with weight 1, so that times stay what they are.

    The tail falls by 60 dB in 0.1 to 0.6 s, and has 2 to 20 dB less energy than the direct sound.
    """
    decay = generator.uniform(0.1, 0.6)
    length = int(decay * SAMPLE_RATE)
    delay = int(generator.uniform(0.002, 0.015) * SAMPLE_RATE)
    fall = 10 ** (-3 * np.arange(length) / length)
    tail = generator.standard_normal(length) * fall
    tail[:delay] = 0
    for _ in range(generator.integers(2, 7)):
        place = int(generator.integers(delay, delay + 480))
        if place < length:
            tail[place] += generator.choice([-1, 1]) * generator.uniform(2, 8) * fall[place]
    energy = np.sum(tail**2)
    tail *= np.sqrt(10 ** (-generator.uniform(2, 20) / 10) / max(energy, 1e-12))
    tail[0] = 1
    return tail.astype(np.float32)


def in_room(samples: np.ndarray, response: np.ndarray) -> np.ndarray:
    """As long as samples and response together."""
    return fftconvolve(samples, response).astype(np.float32)
