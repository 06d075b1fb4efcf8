"""Writes samples/recognition.flac and its tokens: held-out voices and texts, two minutes under changing noise.

Six blocks of 20 s, each with a kind of noise of its own and less and more of it, made as the test set is, from
other random numbers. Seeded: the same packages give the same file.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile

from cache import ROOT
from prepare_recognition import Studio
from recordings import SAMPLE_RATE

SEED = 2026
BLOCK = 20 * SAMPLE_RATE
FADE = SAMPLE_RATE // 100
# The noise of each block and its SNR in dB.
BLOCKS = (("pink", 40), ("music", 20), ("babble", 15), ("hum", 10), ("white", 10), ("music", 5))
PEAK_DB = -3.0
COPYRIGHT = "CC-BY-SA-3.0: Reno Project (music); voices by espeak-ng, texts of Debian's fortunes and wamerican"


def write_tokens(path: Path, rows: list[tuple[str, float, float, str]]) -> None:
    """Rows of token, begin, end (seconds), utterance."""
    lines = [f"{begin:.3f},{end:.3f},{name},{utterance}" for name, begin, end, utterance in rows]
    path.write_text("\n".join(["start,end,label,utterance", *lines]) + "\n")
    print(f"{path.name}: {len(rows)} tokens in {len({row[3] for row in rows})} utterances")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "samples")
    folder = parser.parse_args().to
    generator = np.random.default_rng(SEED)
    studio = Studio("test")
    fade = np.minimum(1, np.minimum(np.arange(BLOCK), np.arange(BLOCK)[::-1]) / FADE).astype(np.float32)
    sound, rows, texts = [], [], []
    for k, (kind, snr) in enumerate(BLOCKS):
        studio.kinds, studio.weights = (kind,), (1.0,)
        stream = studio.stream(generator, BLOCK, (0.4, 1.0), (snr, snr))
        sound.append(stream.samples * fade / max(np.abs(stream.samples)))
        for name, begin, end, utterance in stream.tokens:
            rows.append((name, 20 * k + begin, 20 * k + end, f"u{len(texts) + utterance + 1}"))
        texts += stream.texts
    samples = np.concatenate(sound) * np.float32(10 ** (PEAK_DB / 20))
    path = folder / "recognition.flac"
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, "PCM_16") as file:
        file.copyright = COPYRIGHT
        file.write(samples)
    write_tokens(folder / "recognition.labels.csv", rows)
    for k, text in enumerate(texts):
        print(f"u{k + 1}: {text}")


if __name__ == "__main__":
    main()
