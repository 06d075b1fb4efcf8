"""Noises of the speech task: synthetic ones, talkers in the background, and music."""

from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from recordings import SAMPLE_RATE

# The kinds of the validation and test mixtures; training adds more of its own below.
TEST_KINDS = ("music", "white", "pink", "babble", "hum")
TRAINING_KINDS = TEST_KINDS + ("coloured", "pulsed", "tones", "clicks")
TRAINING_WEIGHTS = (0.32, 0.09, 0.09, 0.18, 0.07, 0.1, 0.05, 0.06, 0.04)


def _spectrum_noise(generator: np.random.Generator, length: int, gain: Callable) -> np.ndarray:
    """Gaussian noise whose amplitude spectrum follows gain(frequencies in Hz)."""
    size = length + length % 2
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    spectrum = np.fft.rfft(generator.standard_normal(size)) * gain(frequencies)
    return np.fft.irfft(spectrum, size)[:length]


def white(generator: np.random.Generator, length: int) -> np.ndarray:
    return generator.standard_normal(length)


def pink(generator: np.random.Generator, length: int) -> np.ndarray:
    return _spectrum_noise(generator, length, lambda f: 1 / np.sqrt(np.maximum(f, 20)))


def hum(generator: np.random.Generator, length: int) -> np.ndarray:
    """Mains hum with falling harmonics, over a little pink noise."""
    mains = generator.choice([50.0, 60.0]) * generator.uniform(0.995, 1.005)
    time = np.arange(length) / SAMPLE_RATE
    total = np.zeros(length)
    for harmonic in range(1, generator.integers(6, 40)):
        level = generator.uniform(0.2, 1) / harmonic ** generator.uniform(0.5, 1.2)
        total += level * np.sin(2 * np.pi * (mains * harmonic * time + generator.uniform()))
    quiet = pink(generator, length)
    return total / np.std(total) + quiet / np.std(quiet) * 10 ** (generator.uniform(-30, -10) / 20)


def coloured(generator: np.random.Generator, length: int) -> np.ndarray:
    """Noise with a random smooth spectrum: a few bumps in dB over the logarithm of frequency."""
    points = np.geomspace(50, SAMPLE_RATE / 2, 7)
    levels = generator.uniform(-18, 18, len(points))
    return _spectrum_noise(
        generator, length, lambda f: 10 ** (np.interp(f, points, levels) / 20)
    )


def pulsed(generator: np.random.Generator, length: int) -> np.ndarray:
    """Coloured noise that swells and fades at the rate of syllables."""
    knots = max(4, int(length / SAMPLE_RATE * generator.uniform(1, 8)))
    levels = np.interp(np.arange(length), np.linspace(0, length, knots),
                       generator.uniform(-30, 0, knots))
    return coloured(generator, length) * 10 ** (levels / 20)


def tones(generator: np.random.Generator, length: int) -> np.ndarray:
    """Beeps and chords with harmonics, on and off."""
    total = 0.01 * pink(generator, length)
    total /= np.std(total) * 30
    position = 0
    while position < length:
        count = int(generator.uniform(0.05, 0.8) * SAMPLE_RATE)
        count = min(count, length - position)
        time = np.arange(count) / SAMPLE_RATE
        for _ in range(generator.integers(0, 4)):
            base = np.exp(generator.uniform(np.log(100), np.log(2500)))
            for harmonic in range(1, generator.integers(2, 9)):
                total[position : position + count] += (
                    np.sin(2 * np.pi * (base * harmonic * time + generator.uniform())) / harmonic
                )
        position += count
    return total


def clicks(generator: np.random.Generator, length: int) -> np.ndarray:
    """Sparse short bursts (keys, knocks) over quiet pink noise."""
    impulses = generator.standard_normal(length)
    impulses *= generator.uniform(size=length) < generator.uniform(1, 12) / SAMPLE_RATE
    for _ in range(2):
        radius = np.exp(-1 / (generator.uniform(0.002, 0.03) * SAMPLE_RATE))
        angle = 2 * np.pi * generator.uniform(150, 3500) / SAMPLE_RATE
        rung = lfilter([1], [1, -2 * radius * np.cos(angle), radius**2], impulses)
        impulses = impulses + rung
    quiet = pink(generator, length)
    spread = np.std(impulses)
    return impulses / (spread if spread > 0 else 1) + 0.1 * quiet / np.std(quiet)


SYNTHETIC = {"white": white, "pink": pink, "hum": hum, "coloured": coloured, "pulsed": pulsed,
             "tones": tones, "clicks": clicks}


def excerpt(generator: np.random.Generator, recording: np.ndarray, length: int) -> np.ndarray:
    """`length` samples from a random place, going round at the end."""
    start = generator.integers(len(recording))
    return np.take(recording, np.arange(start, start + length), mode="wrap")


class NoiseSource:
    """Draws noise of a kind, with the music and the background talkers of one split."""

    def __init__(self, pieces: list[np.ndarray], talkers: list[np.ndarray]) -> None:
        """`pieces`: music; `talkers`: prompts, of which `babble` lays several over each other."""
        self.pieces = pieces
        self.talk = [t / (np.std(t) + 1e-9) for t in talkers]

    def babble(self, generator: np.random.Generator, length: int) -> np.ndarray:
        total = np.zeros(length)
        for _ in range(generator.integers(5, 10)):
            position = -int(generator.integers(3 * SAMPLE_RATE))
            level = 10 ** (generator.uniform(-4, 4) / 20)
            while position < length:
                voice = self.talk[generator.integers(len(self.talk))]
                start, end = max(position, 0), min(position + len(voice), length)
                if end > start:
                    total[start:end] += level * voice[start - position : end - position]
                position += len(voice)
        return total

    def draw(self, generator: np.random.Generator, kind: str, length: int) -> np.ndarray:
        """[length], at mean square 1."""
        if kind == "music":
            noise = excerpt(generator, self.pieces[generator.integers(len(self.pieces))], length)
        elif kind == "babble":
            noise = self.babble(generator, length)
        else:
            noise = SYNTHETIC[kind](generator, length)
        return (noise / max(np.sqrt(np.mean(noise**2)), 1e-6)).astype(np.float32)
