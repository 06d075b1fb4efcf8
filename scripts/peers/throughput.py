"""Times `lockstep replay` of many files and Silero VAD over the same files, in alternation."""

import datetime
import importlib.util
import json
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import onnxruntime
import soundfile

import usage

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLES = ["speech.flac", "speech-noisy.flac"]
OWN = {
    "lockstep, speech LSTM": "speech-lstm.safetensors",
    "lockstep, speech LSTM, int8": "speech-lstm.safetensors,precision=int8",
    "lockstep, speech Transformer": "speech-transformer.safetensors",
    "lockstep, speech Transformer, int8": "speech-transformer.safetensors,precision=int8",
}
OWN_SILERO = "lockstep, Silero VAD"
SILERO = "Silero VAD, ONNX Runtime in Python"
SEQUENCE = SILERO + ", a call a file"
BLOCK = ("<!-- throughput: begin -->", "<!-- throughput: end -->")
RATE = 16_000
# Samples of a call of Silero's, and those before them that it takes again.
CHUNK, CONTEXT = 512, 64


def arguments():
    parser = usage.Parser(__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lockstep", type=pathlib.Path)
    parser.add_argument("--silero", type=pathlib.Path, required=True)
    parser.add_argument("--docs", type=pathlib.Path)
    return parser.parse_args()


def built():
    """The command, built in release."""
    build = ["swift", "build", "-c", "release"]
    subprocess.run([*build, "--product", "lockstep"], cwd=ROOT, check=True, stdout=sys.stderr)
    shown = subprocess.run(
        [*build, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return pathlib.Path(shown.stdout.strip()) / "lockstep"


def recordings(folder, minutes):
    """The samples again and again as WAV files of 16 kHz, and their seconds together."""
    sounds = []
    for name in SAMPLES:
        samples, rate = soundfile.read(ROOT / "samples" / name, dtype="int16")
        if rate != RATE or samples.ndim != 1:
            sys.exit(f"Error: samples/{name}: expected one channel of {RATE} Hz")
        sounds.append(samples)
    files, seconds = [], 0.0
    while seconds < 60 * minutes:
        samples = sounds[len(files) % len(sounds)]
        files.append(folder / f"{len(files)}.wav")
        soundfile.write(files[-1], samples, RATE, subtype="PCM_16")
        seconds += len(samples) / RATE
    return files, seconds


def own_seconds(lockstep, model, files, jobs, folder):
    """From the opening of the first file to the end of the last, as the command says it."""
    summary = folder / "summary.json"
    command = [lockstep, "replay", *files, "--jobs", str(jobs), "--summary", summary]
    command += ["--model", model]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found = json.loads(summary.read_text())
    return found["throughput"]["elapsed_ns"] / 1e9, found["machine"]


class Silero:
    """One process's two graphs: the one that streams, and the one for whole files."""

    stream = None
    sequence = None

    @classmethod
    def open(cls):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        folder = pathlib.Path(importlib.util.find_spec("silero_vad").origin).parent / "data"
        cls.stream, cls.sequence = (
            onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
            for name in ["silero_vad.onnx", "silero_vad_16k_sequence.onnx"]
        )
        samples, _ = soundfile.read(ROOT / "samples" / SAMPLES[0], dtype="float32", frames=8 * RATE)
        difference = numpy.abs(cls.by_chunk(samples) - cls.by_file(samples)).max()
        if difference > 1e-3:
            sys.exit(f"Error: Silero's two graphs differ by {difference}, expected the same answers")

    @staticmethod
    def padded(samples):
        """With zeros before, and up to a whole chunk behind; and the number of chunks."""
        count = -(-len(samples) // CHUNK)
        behind = count * CHUNK - len(samples)
        return numpy.pad(samples, (CONTEXT, behind)), count

    @classmethod
    def by_chunk(cls, samples):
        """As its own package runs it: a call for each 512 samples."""
        padded, count = cls.padded(samples)
        state = numpy.zeros((2, 1, 128), dtype=numpy.float32)
        rate = numpy.array(RATE, dtype=numpy.int64)
        found = numpy.empty(count, dtype=numpy.float32)
        for index in range(count):
            window = padded[None, index * CHUNK : index * CHUNK + CONTEXT + CHUNK]
            output, state = cls.stream.run(None, {"input": window, "state": state, "sr": rate})
            found[index] = output[0, 0]
        return found

    @classmethod
    def by_file(cls, samples):
        """The quickest that it can do: all chunks of a file in one call, which cannot be live."""
        padded, _ = cls.padded(samples)
        windows = numpy.lib.stride_tricks.sliding_window_view(padded, CONTEXT + CHUNK)[::CHUNK]
        state = numpy.zeros((1, 1, 128), dtype=numpy.float32)
        inputs = {"input": numpy.ascontiguousarray(windows), "h": state, "c": state}
        return cls.sequence.run(["speech_probs"], inputs)[0]

    @classmethod
    def read_by_chunk(cls, path):
        return len(cls.by_chunk(soundfile.read(path, dtype="float32")[0]))

    @classmethod
    def read_by_file(cls, path):
        return len(cls.by_file(soundfile.read(path, dtype="float32")[0]))


PEERS = {SILERO: Silero.read_by_chunk, SEQUENCE: Silero.read_by_file}


def peer_seconds(pool, read, files):
    """From the first file's reading to the last answer; the processes and their sessions are there."""
    start = time.monotonic()
    pool.map(read, files, chunksize=1)
    return time.monotonic() - start


def number(value):
    """Three digits."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def table(results, seconds):
    lines = ["| | hours of sound a second | slowest to fastest round | times Silero, a call a chunk |", "|---|---|---|---|"]
    base = statistics.median(results[SILERO])
    for name, times in results.items():
        hours = [seconds / 3_600 / t for t in times]
        ratio = base / statistics.median(times)
        cells = [
            number(statistics.median(hours)),
            f"{number(min(hours))} to {number(max(hours))}",
            "" if name == SILERO else f"{ratio:.2f}",
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    options = arguments()
    if options.minutes <= 0 or options.jobs < 1 or options.rounds < 1:
        print("Error: --minutes, --jobs and --rounds: expected more than 0", file=sys.stderr)
        sys.exit(64)
    lockstep = options.lockstep or built()
    before = os.getloadavg()
    own = {name: f"{ROOT}/samples/models/{model}" for name, model in OWN.items()}
    own[OWN_SILERO] = str(options.silero)
    results = {name: [] for name in [*own, *PEERS]}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files, seconds = recordings(folder, options.minutes)
        # Not forked: a runtime with threads would not survive that.
        context = multiprocessing.get_context("spawn")
        with context.Pool(options.jobs, initializer=Silero.open) as pool:
            for read in PEERS.values():
                peer_seconds(pool, read, files[: options.jobs])
            for round_number in range(options.rounds):
                for row in list(results)[:: 1 if round_number % 2 == 0 else -1]:
                    if row in PEERS:
                        results[row].append(peer_seconds(pool, PEERS[row], files))
                        continue
                    found, machine = own_seconds(lockstep, own[row], files, options.jobs, folder)
                    results[row].append(found)
                print(f"round {round_number + 1} of {options.rounds}", file=sys.stderr)
    today = datetime.date.today().isoformat()
    text = (
        f"Measured {today} with {options.jobs} jobs on {machine['cores']} cores,"
        f" {machine['processor']}, kernels {machine['kernel_variant']}: {len(files)} files of"
        f" {seconds / 60:.1f} minutes together, {options.rounds} rounds; load average"
        f" {before[0]:.1f} before and {os.getloadavg()[0]:.1f} after. ONNX Runtime"
        f" {onnxruntime.__version__}.\n\n{table(results, seconds)}\n"
    )
    print(text)
    if options.docs:
        page = options.docs.read_text()
        head, rest = page.split(BLOCK[0])
        tail = rest.split(BLOCK[1])[1]
        options.docs.write_text(f"{head}{BLOCK[0]}\n{text}{BLOCK[1]}{tail}")


if __name__ == "__main__":
    main()
