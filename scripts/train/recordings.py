"""The recordings of the speech task, as Debian packages carry them, and who is held out.

Prompts (8 kHz, CC-BY-SA-3.0; the Russian ones CC-BY-3.0): asterisk-core-sounds-{en,es,fr,it,ru}-wav.
Music (8 kHz, CC-BY-SA-3.0): asterisk-moh-opsound-wav.
LibriVox clips (16 kHz, BSD-2): pocketsphinx-testdata.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

SOUNDS = Path("/usr/share/asterisk/sounds")
MUSIC = Path("/usr/share/asterisk/moh")
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")
SAMPLE_RATE = 16000

PROMPT_FOLDERS = {
    "en": "en_US_f_Allison",
    "es": "es_MX_f_Allison",
    "fr": "fr_CA_f_June",
    "it": "it_IT_m_Carlo",
    "ru": "ru_RU_f_IvrvoiceRU",
}
# English and Spanish have one speaker, so the split is by speaker as well as by language.
TRAINING_LANGUAGES = ("en", "es", "it")
TEST_LANGUAGES = ("fr", "ru")
MUSIC_SPLITS = {
    "train": ("macroform-cold_day", "macroform-robot_dity", "macroform-the_simplicity"),
    "validation": ("manolo_camp-morning_coffee",),
    "test": ("reno_project-system",),
}
# Sounds that are no speech, or an animal's.
NOT_SPEECH = ("beep", "beeperr", "ascending-2tone", "descending-2tone", "tt-monkeys")


@dataclass(frozen=True)
class Prompt:
    """One spoken prompt: its language, its name within the language, and its samples at 16 kHz."""

    language: str
    name: str
    samples: np.ndarray


def at_16_khz(samples: np.ndarray, rate: int, speed: tuple[int, int] = (1, 1)) -> np.ndarray:
    """Resamples to 16 kHz; `speed` (numerator, denominator) plays faster, pitch and all."""
    up, down = SAMPLE_RATE * speed[1], rate * speed[0]
    divisor = int(np.gcd(up, down))
    if up == down:
        return samples.astype(np.float32)
    return resample_poly(samples, up // divisor, down // divisor).astype(np.float32)


def _is_validation(name: str) -> bool:
    """An eighth of the prompt names, the same in all languages: held out from training."""
    return hashlib.sha256(name.encode()).digest()[0] % 8 == 0


def _files(language: str) -> list[tuple[str, Path]]:
    folder = SOUNDS / PROMPT_FOLDERS[language]
    if not folder.is_dir():
        raise SystemExit(f"Error: {folder} is missing: install asterisk-core-sounds-{language}-wav")
    named = [(str(p.relative_to(folder).with_suffix("")), p) for p in sorted(folder.rglob("*.wav"))]
    return [(n, p) for n, p in named if not n.startswith("silence/") and n not in NOT_SPEECH]


def prompts(split: str, speed: tuple[int, int] = (1, 1)) -> list[Prompt]:
    """The prompts of "train", "validation" or "test".

    A file that several languages carry byte for byte is left out of all of them.
    """
    digests = Counter(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for language in PROMPT_FOLDERS
        for _, path in _files(language)
    )
    found = []
    for language in TEST_LANGUAGES if split == "test" else TRAINING_LANGUAGES:
        for name, path in _files(language):
            if split != "test" and _is_validation(name) != (split == "validation"):
                continue
            if digests[hashlib.sha256(path.read_bytes()).hexdigest()] > 1:
                continue
            samples, rate = soundfile.read(path, dtype="float32")
            if len(samples) < rate // 4:
                continue
            found.append(Prompt(language, name, at_16_khz(samples, rate, speed)))
    return found


def music(split: str, speed: tuple[int, int] = (1, 1)) -> list[np.ndarray]:
    """The pieces of music of a split, at 16 kHz."""
    pieces = []
    for name in MUSIC_SPLITS[split]:
        samples, rate = soundfile.read(MUSIC / f"{name}.wav", dtype="float32")
        pieces.append(at_16_khz(samples, rate, speed))
    return pieces


def librivox() -> list[tuple[str, np.ndarray]]:
    """The five LibriVox clips, recorded at 16 kHz: (name, samples)."""
    clips = []
    for path in sorted(LIBRIVOX.glob("*.wav")):
        samples, rate = soundfile.read(path, dtype="float32")
        if rate != SAMPLE_RATE:
            raise SystemExit(f"Error: {path} has {rate} Hz, expected {SAMPLE_RATE}")
        clips.append((path.stem, samples))
    return clips
