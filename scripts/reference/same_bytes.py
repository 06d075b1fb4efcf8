"""Cases of scripts/same-bytes, which tells what they are and how this is called."""

import copy
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).resolve().parent.parent))
import usage
from random_lanes import SENSOR_CHANNELS, SENSOR_RATE, random_lane, simpler_lanes, write_model

ROOT = Path(__file__).resolve().parent.parent.parent
VARIANTS = ["portable", "avx2", "avx512", "neon"]
SOUND_RATES = [8000, 16000, 16000, 22050, 44100, 48000]
# No frame of the inputs may be lost: live lanes hold ten seconds.
SECONDS = {True: (0.5, 6), False: (0.5, 8)}


def random_case(seed, variants):
    chance = random.Random(seed)
    is_sound = chance.random() < 0.5
    rate = chance.choice(SOUND_RATES) if is_sound else SENSOR_RATE
    count = int(rate * chance.uniform(*SECONDS[is_sound]))
    command = chance.choice(["replay", "replay", "live"])
    frames = count * 100 // rate
    return dict(
        seed=seed,
        rate=rate,
        count=count,
        format=chance.choice(["s16le", "f32le"]),
        lanes=[random_lane(chance, is_sound) for _ in range(chance.choice([1, 1, 2, 3]))],
        command=command,
        pace=chance.choice(["max", "max", "max:3", "20"]) if command == "replay" else None,
        kernels=chance.choice(variants),
        writes=chance.choice([None, 1, 7, 100, 5000]) if command == "live" else None,
        stops=sorted(chance.randrange(1, frames + 20) for _ in range(chance.choice([0, 1, 2, 4]))),
    )


def simpler_cases(case):
    """Cases with one thing less."""
    for index in range(len(case["lanes"])):
        if len(case["lanes"]) > 1:
            yield {**case, "lanes": case["lanes"][:index] + case["lanes"][index + 1 :]}
    for index in range(len(case["stops"])):
        yield {**case, "stops": case["stops"][:index] + case["stops"][index + 1 :]}
    if case["command"] == "live":
        yield {**case, "command": "replay", "pace": "max", "writes": None}
        if case["writes"]:
            yield {**case, "writes": None}
    elif case["pace"] != "max":
        yield {**case, "pace": "max"}
    if case["kernels"] != "portable":
        yield {**case, "kernels": "portable"}
    if case["format"] != "f32le":
        yield {**case, "format": "f32le"}
    if case["rate"] not in (16000, SENSOR_RATE):
        yield {**case, "rate": 16000, "count": case["count"] * 16000 // case["rate"]}
    for share in (2, 4 / 3):
        count = int(case["count"] / share)
        if count > case["rate"] // 10:
            yield {**case, "count": count}
    for index, stop in enumerate(case["stops"]):
        if stop > 1:
            yield {**case, "stops": case["stops"][:index] + [stop // 2] + case["stops"][index + 1 :]}
    for index, lane in enumerate(case["lanes"]):
        for simpler in simpler_lanes(lane):
            yield {**case, "lanes": case["lanes"][:index] + [simpler] + case["lanes"][index + 1 :]}


class Failure(Exception):
    """What was not the same."""


class Case:
    """A case in a folder of its own."""

    def __init__(self, case, folder, lockstep):
        self.case, self.folder, self.lockstep = case, Path(folder), lockstep
        self.is_sound = case["rate"] != SENSOR_RATE
        self.input = self.folder / "input.raw"
        self.input.write_bytes(self.samples())
        for index, lane in enumerate(case["lanes"]):
            write_model(self.folder / f"{index}.safetensors", lane)
            if lane.get("by_options"):
                write_model(self.folder / f"{index}-other.safetensors", lane, chunk=16, left=99)

    def samples(self):
        """Noise whose level changes, so that outputs and events do."""
        torch.manual_seed(self.case["seed"])
        channels = 1 if self.is_sound else SENSOR_CHANNELS
        noise = torch.randn(self.case["count"], channels) * 0.2
        seconds = torch.arange(self.case["count"]) / self.case["rate"]
        level = 0.05 + torch.sin(seconds * math.pi * 1.3).square()[:, None]
        values = (noise * level).clamp(-1, 1).flatten().tolist()
        if self.case["format"] == "s16le":
            return struct.pack(f"<{len(values)}h", *(int(32767 * value) for value in values))
        return struct.pack(f"<{len(values)}f", *values)

    def model(self, index, is_plain):
        lane = self.case["lanes"][index]
        text = f"name=lane{index},precision={lane['precision']}"
        if lane["family"] == "transformer":
            text += f",kv={lane['kv']}"
        if lane["tokens"]:
            text += f",beam={lane['beam']}"
        if lane.get("by_options") and not is_plain:
            return f"{self.folder}/{index}-other.safetensors,{text},chunk={lane['chunk']},left-context={lane['left']}"
        return f"{self.folder}/{index}.safetensors,{text}"

    def run(self, name, lanes, is_plain, more=()):
        case = self.case
        is_live = case["command"] == "live" and not is_plain
        command = [self.lockstep, "live" if is_live else "replay", "-" if is_live else self.input]
        command += ["--format", case["format"], "--rate", str(case["rate"])]
        command += [] if self.is_sound else ["--channels", str(SENSOR_CHANNELS)]
        command += [] if is_live else ["--pace", "max" if is_plain else case["pace"]]
        for index in lanes:
            command += ["--model", self.model(index, is_plain)]
        for option, file in (("--output", "out"), ("--events", "events"), ("--log", "log.csv")):
            command += [option, self.folder / f"{name}.{file}"]
        kernels = "portable" if is_plain else case["kernels"]
        process = subprocess.Popen(
            [*command, *more], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, "LOCKSTEP_KERNELS": kernels})
        feeding = threading.Thread(target=self.feed, args=[process.stdin, is_live], daemon=True)
        feeding.start()
        errors = process.stderr.read().decode()
        if process.wait(120) != 0:
            raise Failure(f"exit code {process.returncode}: {errors.strip()}")
        feeding.join()

    def feed(self, pipe, is_live):
        try:
            if is_live:
                content = self.input.read_bytes()
                chance = random.Random(self.case["seed"])
                place = 0
                while place < len(content):
                    size = chance.randint(1, 400 * self.case["writes"]) if self.case["writes"] else len(content)
                    pipe.write(content[place : place + size])
                    pipe.flush()
                    place += size
            pipe.close()
        except OSError:
            pass  # a run that stopped reads no more

    def lines(self, name, file, lane):
        mark = f'{{"lane":"lane{lane}",'
        return [line for line in (self.folder / f"{name}.{file}").read_text().splitlines() if line.startswith(mark)]

    def frames(self, name, lane):
        rows = [row.split(",")[:3] for row in (self.folder / f"{name}.log.csv").read_text().splitlines()]
        return sorted(int(row[1]) for row in rows if row[0] == f"lane{lane}")

    def check(self):
        """Raises Failure for what is not the same."""
        everyone = range(len(self.case["lanes"]))
        for lane in everyone:
            self.run(f"alone{lane}", [lane], True)
        state = ["--snapshot", self.folder / "state", "--resume", self.folder / "state"]
        for stop in self.case["stops"]:
            self.run("all", everyone, False, [*state, "--stop-at", str(stop)])
        self.run("all", everyone, False, state if self.case["stops"] else ())
        for lane in everyone:
            for file in ("out", "events"):
                expected, found = self.lines(f"alone{lane}", file, lane), self.lines("all", file, lane)
                if found != expected:
                    pairs = enumerate(zip(expected, found))
                    at = next((index for index, (one, other) in pairs if one != other), min(len(expected), len(found)))
                    raise Failure(
                        f"lane{lane}: {file} differs in line {at + 1} of {len(expected)}: "
                        f"{(expected[at : at + 1] or ['nothing'])[0]} became {(found[at : at + 1] or ['nothing'])[0]}")
            if self.frames("all", lane) != self.frames(f"alone{lane}", lane):
                raise Failure(f"lane{lane}: the log has other frames")


def failure(case, lockstep):
    """What is wrong with a case, as a sentence; None where nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            Case(case, folder, lockstep).check()
        except Failure as found:
            return str(found)


def smallest(case, found, lockstep):
    """The smallest case that fails, and how."""
    tried = 0
    while True:
        for simpler in simpler_cases(copy.deepcopy(case)):
            tried += 1
            other = failure(simpler, lockstep)
            if other:
                case, found = simpler, other
                break
            if tried > 300:
                return case, found
        else:
            return case, found


def available_variants(lockstep):
    """Those that this processor has, by what `lockstep` says of them."""
    found = []
    for variant in VARIANTS:
        environment = {**os.environ, "LOCKSTEP_KERNELS": variant}
        model, golden = (ROOT / f"Tests/Golden/lstm-h1-l1.{kind}.safetensors" for kind in ("model", "golden"))
        run = subprocess.run(
            [lockstep, "model", "check", model, "--against", golden], env=environment, capture_output=True)
        if run.returncode == 0:
            found.append(variant)
    if not found:
        sys.exit(f"Error: {lockstep} runs in no kernel variant: {run.stderr.decode().strip()}")
    return found


def main():
    parser = usage.Parser(__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--case", type=json.loads)
    parser.add_argument("--lockstep", default=ROOT / ".build/release/lockstep")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.case:
        found = failure(options.case, options.lockstep)
        print(f"same-bytes: {found or 'the same'}")
        return 1 if found else 0
    variants = available_variants(options.lockstep)
    print(f"same-bytes: seed {options.seed}, kernels {', '.join(variants)}", flush=True)
    end = time.monotonic() + 60 * options.minutes
    chance = random.Random(options.seed)
    cases, lanes = 0, 0
    while time.monotonic() < end:
        case = random_case(chance.randrange(1 << 32), variants)
        found = failure(case, options.lockstep)
        if found:
            print(f"same-bytes: seed {case['seed']}: {found}\nsame-bytes: making it smaller", flush=True)
            case, found = smallest(case, found, options.lockstep)
            print(f"same-bytes: {found}\n  scripts/same-bytes --case '{json.dumps(case)}'")
            return 1
        cases += 1
        lanes += len(case["lanes"])
    print(f"same-bytes: {cases} cases of {lanes} lanes, all the same")
    return 0 if cases else 1


sys.exit(main())
