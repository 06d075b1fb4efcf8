"""Prepares the data of the speech task: mixtures as log-mel frames, and the teacher's probabilities.

    prepare_speech.py [--shards 16] [--streams 360] [--recordings 100] [--seed 1]

Every shard of training data and every evaluation set is one file, written once and whole: an
interrupted run goes on where it stopped.
"""

import argparse
import os
import time

import numpy as np

import recordings
from cache import cache_directory
from log_mel import HOP, WINDOW, frame_count, log_energy, log_mel, sample_count
from mixtures import clean_stream, mixed, room_tone, training_noise
from noises import TEST_KINDS, TRAINING_KINDS, TRAINING_WEIGHTS, NoiseSource
from teacher import CHUNK, Teacher

TRAINING_FRAMES = 1000
SPEEDS = ((17, 20), (23, 25), (1, 1), (27, 25), (29, 25))
EVALUATION_SNRS = (0, 5, 10, 20)
CLEAN = 1000  # stands for "no noise" where an SNR is stored


def save(path, **arrays) -> None:
    """Writes beside and renames, so that a file that is there is whole."""
    unfinished = path.with_suffix(".unfinished.npz")
    np.savez(unfinished, **arrays)
    os.replace(unfinished, path)


def speech_samples(probabilities: np.ndarray, length: int) -> np.ndarray:
    """[chunks] of the teacher to a mark per sample."""
    return np.repeat(probabilities >= 0.5, CHUNK)[:length]


def training_shard(seed: int, index: int, streams: int, voices, source, teacher) -> dict:
    """`streams` mixtures of 10 s: features [streams, frames, 40], targets [streams, frames]."""
    generator = np.random.default_rng([seed, index])
    length = sample_count(TRAINING_FRAMES)
    clean = np.zeros((streams, length), np.float32)
    for row in clean:
        if generator.uniform() < 0.04:
            continue  # noise alone
        speed = voices[generator.integers(len(voices))]
        order = [speed[k] for k in generator.integers(len(speed), size=24)]
        # Long prompts give a random part, so that no text dominates.
        parts = [crop(generator, p) for p in order]
        row[:], _ = clean_stream(generator, parts, length)
        row += room_tone(generator, length, generator.uniform(-95, -65))
    chunks = teacher.chunk_probabilities(clean)
    middle = (np.arange(TRAINING_FRAMES) * HOP + WINDOW // 2) // CHUNK
    features = np.empty((streams, TRAINING_FRAMES, 40), np.float16)
    for k in range(streams):
        mixture = clean[k]
        if generator.uniform() < 0.88 or not mixture.any():
            noise = training_noise(generator, source, length, TRAINING_KINDS, TRAINING_WEIGHTS)
            snr = generator.uniform(-3, 25)
            mixture = mixed(mixture, speech_samples(chunks[k], length), noise, snr)
        mixture = mixture * np.float32(10 ** (generator.uniform(-24, 14) / 20))
        if generator.uniform() < 0.5:
            mixture = np.clip(mixture, -1, 1)
        features[k] = log_mel(mixture)
    return {"features": features, "targets": chunks[:, middle].astype(np.float16)}


def crop(generator: np.random.Generator, prompt: np.ndarray) -> np.ndarray:
    longest = 6 * recordings.SAMPLE_RATE
    if len(prompt) <= longest:
        return prompt
    start = generator.integers(len(prompt) - longest)
    return prompt[start : start + longest]


def evaluation_set(tracks: list, units: list, kinds_of, source, teacher, seed: int) -> dict:
    """Every clean track at every SNR and clean: features, targets and log energy, ragged.

    `kinds_of(k)` names the noises that track k is mixed with; `units[k]` is what the bootstrap draws.
    """
    parts: dict[str, list] = {k: [] for k in
                              ("features", "targets", "energy", "length", "snr", "unit", "noise")}
    for k, clean in enumerate(tracks):
        generator = np.random.default_rng([seed, 7, k])
        chunks = teacher.chunk_probabilities(clean[None])[0]
        frames = frame_count(len(clean))
        middle = (np.arange(frames) * HOP + WINDOW // 2) // CHUNK
        variants = [(CLEAN, "none", clean)]
        for kind in kinds_of(k):
            noise = source.draw(generator, kind, len(clean))
            marks = speech_samples(chunks, len(clean))
            variants += [(snr, kind, mixed(clean, marks, noise, snr)) for snr in EVALUATION_SNRS]
        for snr, kind, samples in variants:
            parts["features"].append(log_mel(samples))
            parts["targets"].append(chunks[middle])
            parts["energy"].append(log_energy(samples))
            parts["length"].append(frames)
            parts["snr"].append(snr)
            parts["unit"].append(units[k])
            parts["noise"].append(kind)
    for name in ("features", "targets", "energy"):
        parts[name] = np.concatenate(parts[name]).astype(np.float32)
    return {name: np.asarray(value) for name, value in parts.items()}


def evaluation_tracks(prompts: list, count: int, seconds: float, seed: int) -> list[np.ndarray]:
    """`count` clean streams that use each prompt about once, one language each, over a faint floor."""
    generator = np.random.default_rng([seed, 3])
    length = sample_count(int(seconds * 100) - 2)
    tracks, position = [], {}
    languages = sorted({p.language for p in prompts})
    by_language = {}
    for language in languages:
        own = [p.samples for p in prompts if p.language == language]
        by_language[language] = [own[k] for k in generator.permutation(len(own))]
    for k in range(count):
        language = languages[k % len(languages)]
        track, position[language] = clean_stream(
            generator, by_language[language], length, position.get(language, 0)
        )
        tracks.append(track + room_tone(generator, length, -75))
    return tracks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=16, help="files of training data")
    parser.add_argument("--streams", type=int, default=360, help="streams of 10 s in each")
    parser.add_argument("--recordings", type=int, default=100, help="of the test set")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    directory = cache_directory("speech", f"data-{options.streams}-seed{options.seed}")
    teacher = Teacher()

    for split, count, seconds in (
        ("validation", options.recordings * 2 // 5, 16.0), ("test", options.recordings, 20.0)
    ):
        path = directory / f"{split}.npz"
        if path.exists():
            continue
        print(f"prepare: {split} set", flush=True)
        prompts = recordings.prompts(split)
        source = NoiseSource(recordings.music(split), [p.samples for p in prompts])
        tracks = evaluation_tracks(prompts, count, seconds, options.seed)
        # Languages alternate from track to track; noises change every second track.
        kinds = lambda k: (TEST_KINDS[k // 2 % len(TEST_KINDS)],)
        save(path, **evaluation_set(tracks, range(count), kinds, source, teacher, options.seed))
    path = directory / "librivox.npz"
    if not path.exists():
        print("prepare: librivox set", flush=True)
        clips = [samples for _, samples in recordings.librivox()]
        talkers = [p.samples for p in recordings.prompts("test")]
        source = NoiseSource(recordings.music("test"), talkers)
        save(path, **evaluation_set(
            clips, range(len(clips)), lambda k: TEST_KINDS, source, teacher, options.seed))

    paths = [directory / f"train-{k:02}.npz" for k in range(options.shards)]
    missing = [k for k, path in enumerate(paths) if not path.exists()]
    if not missing:
        return
    print("prepare: resampling the training prompts", flush=True)
    voices = [[p.samples for p in recordings.prompts("train", speed)] for speed in SPEEDS]
    pieces = [piece for speed in SPEEDS for piece in recordings.music("train", speed)]
    source = NoiseSource(pieces, [v for speed in voices for v in speed])
    for done, k in enumerate(missing):
        began = time.monotonic()
        shard = training_shard(options.seed, k, options.streams, voices, source, teacher)
        save(paths[k], **shard)
        took = time.monotonic() - began
        share = float((shard["targets"] >= 0.5).mean())
        print(f"prepare: training data {k + 1}/{options.shards}, {took:.0f} s, speech {share:.0%} "
              f"of frames, about {took * (len(missing) - done - 1) / 60:.1f} min left", flush=True)


if __name__ == "__main__":
    main()
