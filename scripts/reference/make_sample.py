"""Puts the speech sample together: clips of one level, pauses of the clips' own room noise.

  python make_sample.py --clips FOLDER --out speech.flac

Prints what it measured; fails if a joint clicks, a level is off, or a stretch is digitally silent.
"""

import argparse
import sys
from pathlib import Path

import numpy
import soundfile
from scipy.signal import butter, sosfiltfilt

RATE = 16000
SAMPLES = 1_000_000  # 62.5 s
FADE = 640  # 40 ms between grains of noise, and between noise and clip
TARGET_LEVEL = 2200 / 32768  # rms of the active speech, -23.5 dBFS
BOOK = "librivox/sense_and_sensibility_01_austen_64kb-"

# In this order. The rooms say which recordings share their noise; the cards of the second list are
# heard only in the pauses.
CLIPS = [
    ("goforward.raw", "forward"),
    (BOOK + "0870.wav", "book"),
    (BOOK + "0880.wav", "book"),
    ("numbers.raw", "numbers"),
    (BOOK + "0890.wav", "book"),
    ("cards/002.wav", "cards"),
    (BOOK + "0920.wav", "book"),
    ("cards/005.wav", "cards"),
    (BOOK + "0930.wav", "book"),
    ("something.raw", "something"),
    ("tidigits/dhd.2934z.raw", "digits"),
]
# Samples left out at begin and end, because the recording clicks there.
TRIMMED = {
    "cards/002.wav": (560, 0),
    "goforward.raw": (0, 1440),
    "numbers.raw": (0, 1600),
    "something.raw": (0, 1600),
}
NOISE_ONLY = [("cards/001.wav", "cards"), ("cards/003.wav", "cards"), ("cards/004.wav", "cards")]


def read(path: Path, begin: int, end: int) -> numpy.ndarray:
    """Samples in -1 ... 1 without DC and rumble (an offset would be a step at each joint)."""
    if path.suffix == ".wav":
        samples, rate = soundfile.read(path, dtype="float64")
        assert rate == RATE and samples.ndim == 1, path
    else:
        samples = numpy.fromfile(path, "<i2") / 32768
    return sosfiltfilt(
        butter(2, 40, "highpass", fs=RATE, output="sos"), samples[begin : len(samples) - end]
    )


def rms(samples) -> float:
    return float(numpy.sqrt(numpy.mean(numpy.square(samples))))


def speech_level(samples) -> float:
    """rms over the 25 ms frames within 26 dB of the loudest."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    energy = numpy.mean(frames**2, axis=1)
    return float(numpy.sqrt(energy[energy > energy.max() / 400].mean()))


def quiet_passages(samples) -> list[numpy.ndarray]:
    """Stretches of 80 ms or more within 6 dB of the clip's quietest tenth, without clicks and the
    beginnings of consonants (a step of more than 5 times the usual rms step)."""
    frames = numpy.lib.stride_tricks.sliding_window_view(samples, 320)[::80]
    levels = numpy.sqrt(numpy.mean(frames**2, axis=1))
    steps = numpy.diff(frames, axis=1)
    quiet = levels < 2 * numpy.quantile(levels, 0.1)
    quiet &= numpy.abs(steps).max(axis=1) < 5 * numpy.median(steps[quiet].std(axis=1))
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], quiet.astype(int), [0]])))
    passages = [
        samples[begin * 80 : (end - 1) * 80 + 320] for begin, end in zip(edges[::2], edges[1::2])
    ]
    return [passage for passage in passages if len(passage) >= 1280]


def fades(length: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """In and out with constant power, because the two sides are unrelated."""
    phase = (numpy.arange(length) + 0.5) / length * numpy.pi / 2
    return numpy.sin(phase), numpy.cos(phase)


def room_noise(passages, length: int, level: float, random) -> numpy.ndarray:
    """Random grains of the passages, of one level, cross-faded; half of them upside down and half
    backwards, so that no repetition is heard."""
    rise, fall = fades(FADE)
    weights = numpy.array([len(p) for p in passages], float)
    noise = numpy.zeros(length + 4 * RATE)
    position = 0
    while position < length + FADE:
        passage = passages[random.choice(len(passages), p=weights / weights.sum())]
        size = int(random.integers(2 * FADE, min(len(passage), 4000) + 1))
        offset = int(random.integers(0, len(passage) - size + 1))
        grain = passage[offset : offset + size] * random.choice([-1, 1])
        if random.random() < 0.5:
            grain = grain[::-1]
        grain = grain * (level / rms(grain))
        grain[:FADE] *= rise
        grain[-FADE:] *= fall
        noise[position : position + size] += grain
        position += size - FADE
    return noise[FADE : FADE + length]


def assemble(folder: Path):
    """Returns the samples, and begin and end of each clip."""
    random = numpy.random.default_rng(2)
    rooms: dict[str, list[numpy.ndarray]] = {}
    clips, levels = [], []
    for name, room in CLIPS + NOISE_ONLY:
        samples = read(folder / name, *TRIMMED.get(name, (0, 0)))
        samples *= TARGET_LEVEL / speech_level(samples)
        passages = quiet_passages(samples)
        rooms.setdefault(room, []).extend(passages)
        clips.append(samples)
        levels.append(numpy.median([rms(p) for p in passages]))
    clips, levels = clips[: len(CLIPS)], levels[: len(CLIPS)]

    shares = random.random(len(clips) + 1)
    spare = SAMPLES - sum(map(len, clips)) - RATE * len(shares)
    pauses = RATE + numpy.floor(spare * shares / shares.sum()).astype(int)
    pauses[-1] += SAMPLES - sum(map(len, clips)) - pauses.sum()
    assert pauses.min() >= RATE and pauses.max() <= 3 * RATE, pauses / RATE

    output = numpy.zeros(SAMPLES)
    spans, position = [], 0
    rise, fall = fades(FADE)
    for index, pause in enumerate(pauses):
        before, after = max(index - 1, 0), min(index, len(clips) - 1)
        begin = position - FADE if index > 0 else 0
        end = position + pause + (FADE if index < len(clips) else 0)
        into, out_of = fades(end - begin)
        noise = out_of * room_noise(
            rooms[CLIPS[before][1]], end - begin, levels[before], random
        ) + into * room_noise(rooms[CLIPS[after][1]], end - begin, levels[after], random)
        if index > 0:
            noise[:FADE] *= rise
        if index < len(clips):
            noise[-FADE:] *= fall
        output[begin:end] += noise
        position += pause
        if index < len(clips):
            clip = clips[index].copy()
            clip[:FADE] *= rise
            clip[-FADE:] *= fall
            output[position : position + len(clip)] += clip
            spans.append((position, position + len(clip)))
            position += len(clip)
    return output, spans


def check(samples, spans):
    """Prints the figures; ends the program if one of them is out of bounds."""
    faults = []
    steps = numpy.abs(numpy.diff(samples))
    for (name, _), (begin, end) in zip(CLIPS, spans):
        level = 20 * numpy.log10(speech_level(samples[begin:end]))
        print(f"{begin / RATE:7.3f} to {end / RATE:7.3f} s  {level:6.2f} dBFS  {Path(name).name}")
        if abs(level - 20 * numpy.log10(TARGET_LEVEL)) > 0.5:
            faults.append(f"level of {name}: {level:.2f} dBFS")
    worst = 0.0
    for joint in [edge for span in spans for edge in span]:
        # Noise steps by 3 to 5 times its rms step, a click of one sample here by up to 28.
        around = steps[joint - 800 : joint + 800]
        crest = around.max() / rms(around)
        worst = max(worst, crest)
        if crest > 8:
            faults.append(f"a step of {around.max():.4f} at the joint {joint / RATE:.3f} s")
    silence = 0
    for length in numpy.diff(numpy.flatnonzero(numpy.concatenate([[1], samples != 0, [1]]))) - 1:
        silence = max(silence, int(length))
    edges = [0] + [edge for span in spans for edge in span] + [len(samples)]
    pauses = [samples[a:b] for a, b in zip(edges[::2], edges[1::2])]
    quietest = min(rms(p[i : i + 1600]) for p in pauses for i in range(0, len(p) - 1600, 800))
    print(
        f"{len(samples) / RATE} s, peak {20 * numpy.log10(numpy.abs(samples).max()):.1f} dBFS, "
        f"pauses {min(map(len, pauses)) / RATE:.2f} to {max(map(len, pauses)) / RATE:.2f} s at "
        f"{min(20 * numpy.log10(rms(p)) for p in pauses):.1f} to "
        f"{max(20 * numpy.log10(rms(p)) for p in pauses):.1f} dBFS, quietest 100 ms "
        f"{20 * numpy.log10(quietest):.1f} dBFS"
    )
    print(
        f"largest step at a joint {worst:.1f} times the rms step of its 100 ms; "
        f"longest run of zeros {silence} samples"
    )
    if silence > 8 or numpy.abs(samples).max() > 0.99:
        faults.append(f"{silence} zeros in a row or a clipped peak")
    if faults:
        sys.exit("Error: " + "; ".join(faults))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    samples, spans = assemble(arguments.clips)
    steps = numpy.round(samples * 32768).astype(numpy.int16)
    check(steps / 32768, spans)
    with soundfile.SoundFile(arguments.out, "w", RATE, 1, "PCM_16", format="FLAC") as file:
        file.copyright = "1995-2014 Carnegie Mellon University, 2014-2015 Alpha Cephei Inc. (BSD-2)"
        file.comment = "from pocketsphinx-testdata; notice in samples/README.md"
        file.write(steps)
    read_back, rate = soundfile.read(arguments.out, dtype="int16")
    assert rate == RATE and (read_back == steps).all()


if __name__ == "__main__":
    main()
