"""Streams of speech with pauses, and their mixtures with noise at a stated SNR.

SNR = mean square of the clean track where the teacher hears speech, over mean square of the noise.
"""

import numpy as np

from noises import NoiseSource, pink
from recordings import SAMPLE_RATE

SPEECH_LEVEL_DB = -26.0


def scaled_to(samples: np.ndarray, level_db: float) -> np.ndarray:
    """Scales to a root mean square of `level_db` dB full scale."""
    power = np.mean(samples.astype(np.float64) ** 2)
    return samples * np.float32(10 ** (level_db / 20) / np.sqrt(max(power, 1e-12)))


def clean_stream(
    generator: np.random.Generator, prompts: list[np.ndarray], length: int, start: int = 0
) -> tuple[np.ndarray, int]:
    """Prompts one after the other from index `start`, with random pauses, to [length] samples.

    Returns the stream and the index of the first prompt that was not used.
    """
    stream = np.zeros(length, np.float32)
    position = int(generator.uniform(0.1, 1.5) * SAMPLE_RATE)
    index = start
    while position < length:
        level = SPEECH_LEVEL_DB + generator.uniform(-3, 3)
        prompt = scaled_to(prompts[index % len(prompts)], level)
        index += 1
        end = min(position + len(prompt), length)
        stream[position:end] += prompt[: end - position]
        pause = min(generator.exponential(0.7) + 0.1, 4.0)
        position = end + int(pause * SAMPLE_RATE)
    return stream, index


def room_tone(generator: np.random.Generator, length: int, level_db: float) -> np.ndarray:
    """Faint pink noise: the floor of a recording that is otherwise digital silence."""
    return scaled_to(pink(generator, length), level_db).astype(np.float32)


def mixed(clean: np.ndarray, is_speech: np.ndarray, noise: np.ndarray, snr_db: float) -> np.ndarray:
    """`clean` plus `noise` (mean square 1) at `snr_db`; `is_speech` marks samples, [samples]."""
    active = clean[is_speech]
    level = np.mean(active.astype(np.float64) ** 2) if len(active) else 10 ** (SPEECH_LEVEL_DB / 10)
    return clean + noise * np.float32(np.sqrt(level * 10 ** (-snr_db / 10)))


def training_noise(
    generator: np.random.Generator, source: NoiseSource, length: int,
    kinds: tuple[str, ...], weights: tuple[float, ...],
) -> np.ndarray:
    """One kind of noise, or (one time in four) two of them, at mean square 1."""
    share = np.array(weights) / np.sum(weights)
    noise = source.draw(generator, kinds[generator.choice(len(kinds), p=share)], length)
    if generator.uniform() < 0.25:
        other = source.draw(generator, kinds[generator.choice(len(kinds), p=share)], length)
        noise = noise + other * np.float32(10 ** (generator.uniform(-12, 6) / 20))
    return noise / np.sqrt(np.mean(noise**2))
