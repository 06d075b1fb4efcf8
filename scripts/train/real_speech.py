"""Real speech with transcripts, for a measurement apart: it is never trained on, but where adaptation is told of.

Clips at 16 kHz of pocketsphinx-testdata, transcripts as the package or samples/README.md gives them (BSD-2);
prompts of one speaker at 8 kHz of asterisk-core-sounds-en-wav, with the texts of asterisk-core-sounds-en
(CC-BY-SA-3.0).
"""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from espeak import Speaker, words_of
from recordings import PROMPT_FOLDERS, SAMPLE_RATE, SOUNDS, at_16_khz

CLIPS = Path("/usr/share/pocketsphinx/test/data")
CLIP_TEXTS = {
    "librivox/sense_and_sensibility_01_austen_64kb-0870.wav":
        "and mister john dashwood had then leisure to consider how much there might be prudently in his power "
        "to do for them",
    "librivox/sense_and_sensibility_01_austen_64kb-0880.wav": "he was not an ill disposed young man",
    "librivox/sense_and_sensibility_01_austen_64kb-0890.wav":
        "unless to be rather cold hearted and rather selfish is to be ill disposed",
    "librivox/sense_and_sensibility_01_austen_64kb-0920.wav":
        "had he married a more amiable woman he might have been made still more respectable than he was",
    "librivox/sense_and_sensibility_01_austen_64kb-0930.wav": "he might even have been made amiable himself",
    "cards/001.wav": "ten of clubs",
    "cards/002.wav": "four queen of clubs",
    "cards/003.wav": "seven of clubs",
    "cards/004.wav": "five five",
    "cards/005.wav": "eight of spades four of clubs seven of hearts",
    "goforward.raw": "go forward ten meters",
}
PROMPT_TEXTS = Path("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz")
LONGEST = 12 * SAMPLE_RATE


@dataclass(frozen=True)
class RealClip:
    """A recording, what is said in it, and its tokens as espeak-ng speaks the text in gmw/en-US."""

    name: str
    text: str
    samples: np.ndarray
    tokens: list[str]


def _spoken(speaker: Speaker, text: str) -> list[str]:
    return [name for name, *_ in speaker.speak(" ".join(words_of(text)), "gmw/en-US").tokens]


def clips() -> list[RealClip]:
    """The recordings at 16 kHz."""
    speaker, found = Speaker(), []
    for name, text in CLIP_TEXTS.items():
        path = CLIPS / name
        if path.suffix == ".raw":
            samples = np.fromfile(path, "<i2").astype(np.float32) / 32768
        else:
            samples, rate = soundfile.read(path, dtype="float32")
            if rate != SAMPLE_RATE:
                raise SystemExit(f"Error: {path} has {rate} Hz, expected {SAMPLE_RATE}")
        found.append(RealClip(name, text, samples, _spoken(speaker, text)))
    return found


def prompts() -> list[RealClip]:
    """The English prompts that say words, by name; a letter or digit in a text is left to espeak-ng."""
    speaker, found = Speaker(), []
    folder = SOUNDS / PROMPT_FOLDERS["en"]
    for line in gzip.open(PROMPT_TEXTS, "rt", encoding="utf-8", errors="replace").read().splitlines():
        name, _, text = line.partition(":")
        text = text.strip()
        path = folder / f"{name}.wav"
        # Brackets tell of sounds; figures and abbreviations would be a guess.
        if line.startswith(";") or not path.is_file() or not text or re.search(r"[\[\]0-9]|[A-Z]\.?[A-Z]", text):
            continue
        samples, rate = soundfile.read(path, dtype="float32")
        samples = at_16_khz(samples, rate)
        said = _spoken(speaker, text)
        if SAMPLE_RATE // 4 <= len(samples) <= LONGEST and said:
            found.append(RealClip(name, text, samples, said))
    return sorted(found, key=lambda clip: clip.name)
