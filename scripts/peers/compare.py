"""Times lockstep-bench and its peers in alternation on one core and prints the table of ratios."""

import datetime
import json
import logging
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

import onnxruntime
import openvino
import torch

import graphs
import resampling
import soxr
import targets
import usage
from litert_peer import LiteRTPeer
from native_peer import NativePeer, compile_calls
from torch_peer import TorchPeer

WORKLOADS = ["L1", "L2", "L3", "T1c1", "T1c16", "T2c1", "T2c16", "T3c1", "L2x64", "T2c1x64", "silero"]
BLOCK = ("<!-- peers: begin -->", "<!-- peers: end -->")


def arguments():
    parser = usage.Parser(__doc__)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--silero", type=pathlib.Path, required=True)
    parser.add_argument("--workload", nargs="+", default=[*WORKLOADS, *resampling.RATES])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--collect", type=pathlib.Path)
    parser.add_argument("--docs", type=pathlib.Path)
    return parser.parse_args()


def own_times(options, names, folder):
    """Median nanoseconds of lockstep-bench by (workload, precision)."""
    path = folder / "own.json"
    command = [options.bench, "--no-limits", "--rounds", "2", "--seconds", str(options.seconds)]
    command += ["--core", str(options.core), "--workload", *names, "--json", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    result = json.loads(path.read_text())
    times = {(r["workload"], r["precision"]): r["round_median_ns"]["middle"] for r in result["results"]}
    return times, result["machine"]


def open_peers(name, library, folder, silero):
    """The peers of one workload; one that does not run it is named on standard error."""
    f32, int8 = folder / f"{name}.onnx", folder / f"{name}.int8.onnx"
    if name == "silero":
        inputs, outputs = graphs.silero(silero, f32)
    else:
        workload = graphs.Workload(name)
        inputs, outputs = graphs.save(workload, f32)
        graphs.save_int8(f32, int8)
    makers = {
        "ort f32": lambda: NativePeer(library, "ort", f32, inputs, outputs),
        "ort int8": lambda: NativePeer(library, "ort", int8, inputs, outputs),
        "openvino f32": lambda: NativePeer(library, "ov", f32, inputs, outputs),
        "torch f32": lambda: TorchPeer(workload),
        "compile f32": lambda: TorchPeer(workload, compiles=True),
        "litert f32": lambda: LiteRTPeer(workload),
    }
    if name == "silero":
        # As published: its graph holds an `If` that is not quantised, and only ONNX Runtime takes it.
        makers = {"ort f32": makers["ort f32"]}
    peers = {}
    for peer, make in makers.items():
        print(f"opening {peer} for {name}", file=sys.stderr)
        try:
            peers[peer] = make()
        except Exception as error:
            print(f"Warning: {peer} does not run {name}: {error}", file=sys.stderr)
    return peers


def measure(options, name, library, folder, uses_fifo):
    """By round: {"f32": ns, "int8": ns, "ort f32": ns, ...}."""
    peers = open_peers(name, library, folder, options.silero)
    rounds, machine = [], None
    # Not before: compiling takes its time, and others want the core, too.
    schedule(uses_fifo)
    for number in range(options.rounds):
        own, machine = own_times(options, [name], folder)
        times = {p: own[name, p] for p in ("f32", "bf16", "int8")}
        for precision in ("f32", "bf16", "int8"):
            key = (name + "+kv=bf16", precision)
            if key in own:
                times[precision + " kv"] = own[key]
        # Every second round the other way round.
        for peer in list(peers)[:: 1 if number % 2 == 0 else -1]:
            times[peer] = statistics.median(peers[peer].times(options.seconds))
            # A FIFO process that never rests is stopped by the kernel.
            if uses_fifo:
                time.sleep(options.seconds / 12)
        rounds.append(times)
        print(f"{name} round {number + 1} of {options.rounds}", file=sys.stderr)
    schedule(False)
    return rounds, machine


def schedule(as_fifo):
    """Runs this process before all ordinary ones, or as one of them; False where that is not permitted."""
    try:
        if as_fifo:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        else:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        return True
    except OSError:
        return False


def measure_resampling(options, name, folder, uses_fifo):
    """By round: {"frame": ns, "whole": ns, "soxr frame": ns, ...}."""
    peer, rounds, machine = resampling.SoxrPeer(name), [], None
    schedule(uses_fifo)
    for number in range(options.rounds):
        times = {}
        # Every second round the other way round.
        for own in (True, False) if number % 2 == 0 else (False, True):
            if own:
                found, machine = own_times(options, [name, name + "-whole"], folder)
                times["frame"], times["whole"] = found[name, "f32"], found[name + "-whole", "f32"]
            else:
                times.update(peer.times(options.seconds))
        rounds.append(times)
        print(f"{name} round {number + 1} of {options.rounds}", file=sys.stderr)
    schedule(False)
    return rounds, machine


def microseconds(value):
    return f"{value / 1e3:.{2 if value < 1e5 else 0}f}"


def down(value):
    """Two digits, never rounded up: these are ratios in our favour."""
    return f"{math.floor(value * 100) / 100:.2f}"


def ratios(rounds, peer, own):
    """Text of the ratios peer / own of each round, median and extremes, and the median; "-", None."""
    values = [r[peer] / r[own] for r in rounds if peer in r and own in r]
    if not values:
        return "-", None
    middle = statistics.median(values)
    return f"{down(middle)} ({down(min(values))} to {down(max(values))})", middle


def table(results):
    """Markdown: medians in us, then the ratios peer / lockstep of one round, the targets, the resampling."""
    resampled = {name: rounds for name, rounds in results.items() if name in resampling.RATES}
    last = ["", resampling.table(resampled, ratios)] if resampled else []
    results = {name: rounds for name, rounds in results.items() if name not in resampled}
    if not results:
        return "\n".join(last[1:])
    columns = ["f32", "bf16", "int8", "f32 kv", "bf16 kv", "int8 kv"]
    columns += ["ort f32", "ort int8", "openvino f32", "litert f32", "torch f32", "compile f32"]
    lines = ["| p50, us | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, rounds in results.items():
        cells = [
            microseconds(statistics.median(r[c] for r in rounds if c in r))
            if any(c in r for r in rounds)
            else "-"
            for c in columns
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    pairs = [(peer, "f32") for peer in ("ort f32", "openvino f32", "litert f32")]
    pairs += [("torch f32", "f32"), ("compile f32", "f32")]
    pairs += [("ort f32", "f32 kv"), ("ort f32", "bf16"), ("ort f32", "bf16 kv")]
    pairs += [("ort int8", "int8"), ("ort int8", "int8 kv")]
    heads = [f"{peer} / {own}" for peer, own in pairs]
    lines += ["", "| ratio | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for name, rounds in results.items():
        cells = [ratios(rounds, peer, own)[0] for peer, own in pairs]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines + ["", targets.table(results, ratios)] + last)


def collected(path, results, machine):
    """The rounds of this run behind those of the file, which is written anew."""
    if path.exists():
        kept = json.loads(path.read_text())
        if kept["processor"] != machine["processor"]:
            sys.exit(f"Error: {path} was measured on {kept['processor']}, this is another processor")
        merged = kept["results"]
        for name, rounds in results.items():
            merged[name] = merged.get(name, []) + rounds
        results = {name: merged[name] for name in [*WORKLOADS, *resampling.RATES] if name in merged}
    path.write_text(json.dumps({"processor": machine["processor"], "results": results}))
    return results


def main():
    options = arguments()
    os.sched_setaffinity(0, {options.core})
    uses_fifo = schedule(True)
    schedule(False)
    # Its advice to optimise the graph first is followed when the session opens.
    logging.disable(logging.WARNING)
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        library = compile_calls(folder)
        results = {}
        for workload in options.workload:
            if workload in resampling.RATES:
                results[workload], machine = measure_resampling(
                    options, workload, folder, uses_fifo
                )
                continue
            results[workload], machine = measure(options, workload, library, folder, uses_fifo)
    if options.collect:
        results = collected(options.collect, results, machine)
    counts = [len(rounds) for rounds in results.values()]
    spread = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    today = datetime.date.today().isoformat()
    text = (
        f"Measured {today} on core {options.core} of {machine['cores']}, {machine['processor']},"
        f" kernels {machine['kernel_variant']}, {'FIFO' if uses_fifo else 'the default scheduler'}, {spread} rounds of"
        f" {options.seconds} s each; load average {before[0]:.1f} before and"
        f" {os.getloadavg()[0]:.1f} after. ONNX Runtime {onnxruntime.__version__}, OpenVINO"
        f" {openvino.__version__.split('-')[0]}, LiteRT {version('ai-edge-litert')}, PyTorch"
        f" {torch.__version__}, soxr {soxr.__version__} (libsoxr {soxr.__libsoxr_version__}).\n\n"
        f"{table(results)}\n"
    )
    print(text)
    if options.docs:
        page = options.docs.read_text()
        head, rest = page.split(BLOCK[0])
        tail = rest.split(BLOCK[1])[1]
        options.docs.write_text(f"{head}{BLOCK[0]}\n{text}{BLOCK[1]}{tail}")


main()
