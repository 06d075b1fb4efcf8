"""Who speaks and what is said in the recognition task, and who and what is held out.

Voices: espeak-ng's variants, by family (robosoft, robosoft2, ... are one), so that no near twin of a test
voice is trained on. Englishes: one is never trained on. Texts: Debian's fortunes and wamerican, by entry and word.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from espeak import Speaker, Spoken, words_of

FORTUNES = Path("/usr/share/games/fortunes")
WORDS = Path("/usr/share/dict/words")
ENGLISHES = {"gmw/en-US": 0.40, "gmw/en": 0.20, "gmw/en-US-nyc": 0.12, "gmw/en-GB-scotland": 0.07,
             "gmw/en-GB-x-rp": 0.07, "gmw/en-GB-x-gbclan": 0.07, "gmw/en-GB-x-gbcwmd": 0.07}
HELD_OUT_ENGLISH = "gmw/en-029"
SPLITS = ("train", "validation", "test")


def _split_of(kind: str, name: str) -> str:
    """A tenth is for the test, a twentieth for validation, by name."""
    place = int.from_bytes(hashlib.sha256(f"{kind}:{name}".encode()).digest()[:4]) / 2**32
    return "test" if place < 0.1 else "validation" if place < 0.15 else "train"


def _family(voice: str) -> str:
    return voice.rstrip("0123456789").lower()


@cache
def voices(split: str) -> list[str]:
    """Names of variants: 20 or a few more for the test, 8 for validation, the others for training."""
    folders = sorted(Path("/usr/lib").glob("*/espeak-ng-data/voices/!v"))
    folders += sorted(Path("/usr/share/espeak-ng-data/voices").glob("!v"))
    if not folders:
        raise SystemExit("Error: the voices of espeak-ng are missing: install espeak-ng-data")
    families: dict[str, list[str]] = {}
    for path in sorted(folders[0].iterdir()):
        families.setdefault(_family(path.name), []).append(path.name)
    order = sorted(families, key=lambda name: hashlib.sha256(name.encode()).digest())
    parts: dict[str, list[str]] = {name: [] for name in SPLITS}
    for name in order:
        own = families[name]
        if len(parts["test"]) < 20:
            part = "test"
        elif len(parts["validation"]) < 8:
            part = "validation"
        else:
            part = "train"
        parts[part] += own
    return parts[split]


@cache
def _texts(split: str) -> tuple[list[list[str]], list[str]]:
    """Entries of fortunes as words, and the words of the dictionary."""
    entries = []
    for path in sorted(FORTUNES.iterdir()):
        if path.suffix or not path.is_file():
            continue
        for entry in path.read_text(errors="ignore").split("\n%\n"):
            words = words_of(entry)
            if 4 <= len(words) and _split_of("entry", " ".join(words)) == split:
                entries.append(words)
    words = [w for w in words_of(WORDS.read_text()) if len(w) > 1 and _split_of("word", w) == split]
    if not entries or not words:
        raise SystemExit("Error: there are no texts: install fortunes and wamerican")
    return entries, words


@dataclass(frozen=True)
class Utterance:
    """What was said, by which voice, and how it sounds."""

    text: str
    voice: str
    spoken: Spoken


class Talk:
    """Utterances of one split without end."""

    def __init__(self, split: str, english: str | None = None, most_words: int = 9) -> None:
        self.split, self.english, self.most_words = split, english, most_words
        self.speaker = Speaker()
        self.entries, self.words = _texts(split)
        # A long entry is drawn more often.
        lengths = np.array([len(entry) for entry in self.entries], float)
        self.shares = np.cumsum(lengths / lengths.sum())
        self.voices = voices(split)

    def text(self, generator: np.random.Generator) -> str:
        count = int(generator.integers(2, self.most_words + 1))
        if generator.uniform() < 0.3:
            return " ".join(self.words[k] for k in generator.integers(len(self.words), size=min(count, 5)))
        place = min(np.searchsorted(self.shares, generator.uniform()), len(self.entries) - 1)
        entry = self.entries[place]
        start = int(generator.integers(max(1, len(entry) - count + 1)))
        return " ".join(entry[start : start + count])

    def utterance(self, generator: np.random.Generator) -> Utterance:
        text = self.text(generator)
        variant = self.voices[generator.integers(len(self.voices))]
        language = self.english or str(generator.choice(list(ENGLISHES), p=list(ENGLISHES.values())))
        # Training voices are stretched and shrunk, which makes more of them; held-out ones are as they are.
        shrink = float(np.exp(generator.uniform(-0.15, 0.15))) if self.split == "train" else 1.0
        spoken = self.speaker.speak(
            text, f"{language}+{variant}", int(generator.integers(120, 241)),
            int(generator.integers(25, 76)), int(generator.integers(20, 81)), shrink)
        return Utterance(text, f"{language}+{variant}", spoken)
