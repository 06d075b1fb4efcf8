"""Writes samples/speech-noisy.flac and its labels: held-out languages under noise at stated SNRs.

French and Russian prompts in turn, with pauses, and a noise that changes every 10 s. The SNR is that of
the test set: mean square of the clean track where the teacher hears speech, over mean square of the
noise. The labels are what the teacher hears on the clean track. Seeded: the same packages give the
same file.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile

import recordings
from cache import ROOT
from label_speech import speech_intervals, write_labels
from mixtures import mixed, room_tone, scaled_to
from noises import NoiseSource
from prepare_speech import speech_samples
from recordings import SAMPLE_RATE, TEST_LANGUAGES
from teacher import Teacher

SEED = 1
BLOCK = 10 * SAMPLE_RATE
FADE = SAMPLE_RATE // 20
# The noise of each block and its SNR in dB.
BLOCKS = (("music", 20), ("music", 10), ("music", 5), ("music", 0), ("babble", 10), ("babble", 5),
          ("hum", 0), ("pink", 0), ("white", 5))
SPEECH_LEVEL_DB = -32.0
COPYRIGHT = "CC-BY-SA-3.0: June Wallack (French), ivrvoice.ru (Russian, CC-BY-3.0), Reno Project (music)"


def clean_track(generator: np.random.Generator, length: int) -> tuple[np.ndarray, list[str]]:
    """Whole prompts of one level, the languages in turn, over a faint floor; and the prompts' names."""
    prompts = [p for p in recordings.prompts("test") if SAMPLE_RATE <= len(p.samples) <= 5 * SAMPLE_RATE]
    by_language = {language: [p for p in prompts if p.language == language] for language in TEST_LANGUAGES}
    order = {language: generator.permutation(len(own)) for language, own in by_language.items()}
    track = room_tone(generator, length, -80)
    position, names = int(1.5 * SAMPLE_RATE), []
    while True:
        turn, language = divmod(len(names), len(TEST_LANGUAGES))
        language = TEST_LANGUAGES[language]
        prompt = by_language[language][order[language][turn]]
        if position + len(prompt.samples) + SAMPLE_RATE > length:
            return track, names
        track[position : position + len(prompt.samples)] += scaled_to(prompt.samples, SPEECH_LEVEL_DB)
        names.append(f"{prompt.language}/{prompt.name}")
        position += len(prompt.samples) + int(generator.uniform(0.7, 2) * SAMPLE_RATE)


def noise_track(generator: np.random.Generator) -> np.ndarray:
    """The noises of BLOCKS one after the other, each louder than the speech by minus its SNR, cross-faded."""
    talkers = [p.samples for p in recordings.prompts("test")]
    source = NoiseSource(recordings.music("test"), talkers)
    rise = np.sin((np.arange(FADE) + 0.5) / FADE * np.pi / 2).astype(np.float32)
    track = np.zeros(len(BLOCKS) * BLOCK + FADE, np.float32)
    for k, (kind, snr) in enumerate(BLOCKS):
        noise = source.draw(generator, kind, BLOCK + FADE) * np.float32(10 ** (-snr / 20))
        noise[:FADE] *= rise
        noise[-FADE:] *= rise[::-1]
        track[k * BLOCK : (k + 1) * BLOCK + FADE] += noise
    return track[: len(BLOCKS) * BLOCK]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "samples")
    options = parser.parse_args()
    generator = np.random.default_rng(SEED)
    length = len(BLOCKS) * BLOCK
    clean, names = clean_track(generator, length)
    probabilities = Teacher().chunk_probabilities(clean[None])[0]
    mixture = mixed(clean, speech_samples(probabilities, length), noise_track(generator), 0)
    steps = np.round(mixture * 32768)
    if np.abs(steps).max() > 32767:
        raise SystemExit("Error: the mixture clips")
    path = options.to / "speech-noisy.flac"
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, "PCM_16", format="FLAC",
                             compression_level=1.0) as file:
        file.copyright = COPYRIGHT
        file.comment = "attribution and notices in samples/README.md"
        file.write(steps.astype(np.int16))
    peak = 20 * np.log10(np.abs(mixture).max())
    print(f"{path.name}: {length / SAMPLE_RATE:.0f} s, peak {peak:.1f} dBFS, {path.stat().st_size} bytes, "
          f"{len(names)} prompts: {' '.join(names)}")
    write_labels(path.with_suffix(".labels.csv"), speech_intervals(probabilities, length))


if __name__ == "__main__":
    main()
