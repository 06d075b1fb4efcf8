"""Speech by espeak-ng, with the begin and end of every phoneme, told by its callback."""

import csv
import ctypes
import ctypes.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from recordings import SAMPLE_RATE

TABLE = Path(__file__).with_name("phonemes.csv")
SYNCHRONOUS, PHONEME_EVENTS, PHONEME, LIST_END = 2, 1, 7, 0
SPEED, PITCH, RANGE = 1, 3, 4
# Shorter than this a phoneme is only a name: nothing can be heard of it.
SHORTEST = 0.008


@cache
def token_of() -> dict[str, str]:
    """espeak's mnemonic to a token; an empty token is a pause or a glide."""
    with TABLE.open() as file:
        return {row["espeak"]: row["token"] for row in csv.DictReader(file)}


@cache
def tokens() -> list[str]:
    """All tokens; a model's labels are "blank" and these."""
    return sorted(set(token_of().values()) - {""})


class _Event(ctypes.Structure):
    class Id(ctypes.Union):
        _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]

    _fields_ = [("type", ctypes.c_int), ("unique", ctypes.c_uint), ("text_position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user", ctypes.c_void_p), ("id", Id)]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Spoken:
    """Samples at 16 kHz, and tokens: (name, begin, end) in seconds."""

    samples: np.ndarray
    tokens: list[tuple[str, float, float]]


class Speaker:
    """The synthesiser; one a process."""

    def __init__(self) -> None:
        try:
            self.library = ctypes.CDLL("libespeak-ng.so.1")
        except OSError:
            raise SystemExit("Error: libespeak-ng.so.1 is missing: install espeak-ng")
        self._sound: list[np.ndarray] = []
        self._phonemes: list[tuple[str, int]] = []
        self.rate = self.library.espeak_Initialize(SYNCHRONOUS, 0, None, PHONEME_EVENTS)
        self._callback = _Callback(self._take)  # kept: the library calls it later
        self.library.espeak_SetSynthCallback(self._callback)

    def _take(self, sound, count, events) -> int:
        if count > 0:
            self._sound.append(np.ctypeslib.as_array(sound, (count,)).copy())
        k = 0
        while events[k].type != LIST_END:
            if events[k].type == PHONEME:
                name = events[k].id.string.decode("ascii", "replace")
                self._phonemes.append((name, events[k].sample))
            k += 1
        return 0

    def speak(self, text: str, voice: str, speed: int = 175, pitch: int = 50, pitch_range: int = 50,
              shrink: float = 1.0) -> Spoken:
        """`voice`: a language's file and a variant, as gmw/en-US+f2; `speed` in words a minute; `shrink` above 1
        plays it faster, pitch, formants and all: another speaker."""
        self._sound.clear()
        self._phonemes.clear()
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SystemExit(f"Error: espeak-ng has no voice {voice}")
        for parameter, value in ((SPEED, speed), (PITCH, pitch), (RANGE, pitch_range)):
            self.library.espeak_SetParameter(parameter, value, 0)
        data = text.encode()
        self.library.espeak_Synth(data, len(data) + 1, 0, 0, 0, 1, None, None)
        self.library.espeak_Synchronize()
        if not self._sound:
            return Spoken(np.zeros(0, np.float32), [])
        sound = np.concatenate(self._sound).astype(np.float32) / 32768
        steps = round(self.rate * 320 / SAMPLE_RATE * shrink)
        samples = resample_poly(sound, 320, steps).astype(np.float32)
        return Spoken(samples, timed(self._phonemes, len(sound), SAMPLE_RATE * steps / 320))


def timed(phonemes: list[tuple[str, int]], length: int, rate: float) -> list[tuple[str, float, float]]:
    """Phonemes and their first samples to tokens with begin and end in seconds."""
    table, found = token_of(), []
    # A glide belongs to what is before it; a pause ends it.
    kept = [(name, at) for name, at in phonemes if name != ";"] + [("_", length)]
    for (name, begin), (_, end) in zip(kept, kept[1:]):
        if name not in table:
            raise SystemExit(f"Error: {TABLE.name} has no phoneme \"{name}\"")
        if table[name] and end - begin >= SHORTEST * rate:
            found.append((table[name], begin / rate, end / rate))
    return found


def words_of(text: str) -> list[str]:
    """The words of a text as they are spoken here: letters, and apostrophes within."""
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower())
