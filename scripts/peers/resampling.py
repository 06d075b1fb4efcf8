"""soxr beside lockstep's resampler: its HQ recipe, mono, streamed in frames of 10 ms and whole."""

import statistics
import time

import numpy as np
import soxr

# Row of lockstep-bench: the source's rate. All go to 16 kHz.
RATES = {"resample-48k": 48_000, "resample-44k": 44_100, "resample-8k": 8_000}
RATE = 16_000
WHOLE_SECONDS = 10


def timed(call, seconds):
    """Mean nanoseconds of a call, the longest hundredth left out; a quarter of the time warms up.

    No median: a stream that works in blocks of its own has many calls that only take their samples.
    """
    start = time.perf_counter()
    while time.perf_counter() - start < seconds / 4:
        call()
    times = []
    while len(times) < 3 or time.perf_counter() - start < seconds:
        begin = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - begin)
    return statistics.mean(sorted(times)[: max(1, len(times) - len(times) // 100)])


class SoxrPeer:
    """One rate; `entering` is what a call takes that has next to nothing to do."""

    def __init__(self, name):
        self.rate = RATES[name]
        random = np.random.default_rng(1)
        self.frame = (random.standard_normal(self.rate // 100) * 0.1).astype(np.float32)
        self.whole = (random.standard_normal(self.rate * WHOLE_SECONDS) * 0.1).astype(np.float32)
        self.stream = soxr.ResampleStream(self.rate, RATE, 1, dtype="float32", quality="HQ")
        # It works in blocks of its own: the most frames from one that gives outputs to the next.
        gives = [i for i in range(200) if len(self.stream.resample_chunk(self.frame)) > 0]
        self.block = max(after - before for before, after in zip(gives, gives[1:]))

    def times(self, seconds):
        """Nanoseconds by column; and how many milliseconds apart it gives outputs."""
        nothing = np.zeros(1, np.float32)
        return {
            "soxr frame": timed(lambda: self.stream.resample_chunk(self.frame), seconds),
            "soxr entering": timed(lambda: self.stream.resample_chunk(nothing), seconds / 4),
            "soxr block": 10 * self.block,
            "soxr whole": timed(lambda: soxr.resample(self.whole, self.rate, RATE, "HQ"), seconds),
        }


def table(results, ratios):
    """Markdown: us a frame of 10 ms, ns a sample of the source in the whole."""
    head = ["us a frame of 10 ms", "lockstep", "soxr", "of it entering from Python", "soxr / lockstep"]
    head += ["soxr's outputs come every"]
    head += ["ns a sample, whole", "soxr", "soxr / lockstep"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name, rounds in results.items():
        samples = RATES[name] * WHOLE_SECONDS

        def middle(column):
            return statistics.median(r[column] for r in rounds)

        cells = [f"{RATES[name] / 1e3:g} to {RATE / 1e3:g} kHz"]
        cells += [f"{middle(c) / 1e3:.2f}" for c in ("frame", "soxr frame", "soxr entering")]
        cells += [ratios(rounds, "soxr frame", "frame")[0], f"{middle('soxr block'):.0f} ms"]
        cells += [f"{middle(c) / samples:.2f}" for c in ("whole", "soxr whole")]
        cells += [ratios(rounds, "soxr whole", "whole")[0]]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
