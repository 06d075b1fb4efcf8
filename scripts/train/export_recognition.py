"""Exports a trained recogniser to samples/models/recognition, a large one as bf16; bounds go to a JSON.

    export_recognition.py MODEL [--seed 1] [--rounds 48] ... [--to DIRECTORY | --study]

The exported file is loaded anew and must give, from the samples of the sample on, the tokens that the trained
model gives. A bound (bidirectional, full) cannot be a lane: it is measured on samples/recognition.flac, into
samples/recognition.bounds.json. What was measured of the test sets, and what training took, goes to
train/evaluations, which the tables are made of; with --study that alone is written. With --to nothing but the file is.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import soundfile
import torch
from lockstep_reference import LogMel, export, load
from torch import nn

from cache import MODELS, ROOT
from espeak import tokens
from networks import parameter_count
from prepare_recognition import FRONT_END
from recognition_data import Reference
from recognition_networks import BOUNDS, run as run_model
from recognition_run import RecognitionRun, add_arguments
from token_metrics import Errors, greedy

BLANK = "blank"
EVALUATIONS = Path(__file__).with_name("evaluations")
SAMPLE = ROOT / "samples" / "recognition.flac"
DATA = {
    "train": "speech by espeak-ng 1.51: 70 of its voices (variants by family), stretched by up to 15 %, 120 to 240 "
             "words a minute, in seven Englishes, three utterances in five in a room (impulse responses by formula); texts "
             "of Debian's fortunes and wamerican; music macroform from asterisk-moh-opsound-wav, synthetic noises and "
             "babble, SNR 5 to 40 dB; a random smooth frequency response for every stream",
    "test": "21 other voices, other texts, other music; the same Englishes; 45 streams of 20 s",
    "english": "the same voices and texts in gmw/en-029, which is never trained on",
    "tokens": "scripts/train/phonemes.csv, from espeak's mnemonics; times are the synthesiser's own",
}
LICENCES = {
    "espeak-ng (a program; its sound is no part of it)": "GPL-3.0-or-later",
    "fortunes, wamerican (texts)": "public domain and as their packages tell",
    "asterisk-moh-opsound-wav (music in the background)": "CC-BY-SA-3.0",
}


def without_units(report: dict) -> dict:
    """An evaluation without what each utterance has."""
    return {k: v for k, v in report.items() if not k.startswith("utterance_")}


def provenance(run: RecognitionRun) -> dict:
    options, report = run.options, run.trained()["report"]
    evaluation = json.loads(run.path(".evaluation.json").read_text())
    return {
        "task": "phonemes of English, told by CTC, a frame every 10 ms",
        "data": DATA,
        "licences": LICENCES,
        "training_line": f"scripts/train/recognition --model {run.variant.name} --seed {run.seed}",
        "seed": run.seed,
        "waits_frames": run.variant.wait,
        "loss": f"CTC, timing {run.timing}",
        "parameters": parameter_count(run.model()),
        "epochs": {
            "rounds": options.rounds, "hours_a_round": options.streams * 4.8 / 3600,
            "hours_of_speech": options.streams * options.shards * 4.8 / 3600,
            "best_round": report["best_round"], "validation_token_error": round(1 - report["validation"], 4),
        },
        "quality": {name: {key: without_units(value) for key, value in settings.items()}
                    for name, settings in evaluation.items()},
    }


def sample_reference() -> Reference:
    """The tokens of the sample."""
    number = {name: k + 1 for k, name in enumerate(tokens())}
    with SAMPLE.with_suffix(".labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    return Reference(
        [number[row["label"]] for row in rows], np.array([float(row["start"]) for row in rows]),
        np.array([float(row["end"]) for row in rows]), np.array([int(row["utterance"][1:]) - 1 for row in rows]))


def errors_of(best: np.ndarray, reference: Reference) -> Errors:
    """What the best class of each frame of the sample amounts to."""
    count = int(reference.utterances.max()) + 1
    errors = Errors(tokens=np.zeros(count, int), errors=np.zeros(count, int))
    errors.add(reference, *greedy(best), 1, len(best) - 1)
    return errors


def best_on_sample(model: nn.Module, front_end: LogMel, full: bool = False) -> np.ndarray:
    """The best class of each frame of the sample."""
    samples, _ = soundfile.read(SAMPLE, dtype="float32")
    with torch.no_grad():
        return run_model(model, front_end.frames(samples)[None], full=full)[0].argmax(-1).numpy()


def front_end_of(run: RecognitionRun) -> LogMel:
    return LogMel(**FRONT_END, mean=run.mean, std=run.std)


def add_bound(run: RecognitionRun) -> None:
    path = SAMPLE.with_suffix(".bounds.json")
    stored = {"sample": SAMPLE.name, "labels": "recognition.labels.csv", "bounds": []}
    if path.exists():
        stored = json.loads(path.read_text())
    best = best_on_sample(run.model(), front_end_of(run), run.is_full)
    report = errors_of(best, sample_reference()).report()
    name = {"bidirectional": "bidirectional LSTM", "full": "full-context Transformer"}[run.variant.architecture]
    entry = {"name": name, "parameters": parameter_count(run.model()), "seed": run.seed}
    entry |= {k: report[k] for k in ("tokens", "substitutions", "deletions", "insertions", "error_rate")}
    others = [b for b in stored["bounds"] if (b["name"], b["seed"]) != (name, run.seed)]
    stored["bounds"] = sorted(others + [entry], key=lambda b: (b["name"], b["seed"]))
    path.write_text(json.dumps(stored, indent=1) + "\n")
    print(f"{path.name}: {name}, token error {report['error_rate']}", flush=True)


def export_model(run: RecognitionRun, folder: Path) -> None:
    part = "" if run.seed == 1 else f"-seed{run.seed}"
    path = folder / f"recognition-{run.variant.name}{part}.safetensors"
    dtype = torch.bfloat16 if run.variant.size == "large" else torch.float32
    front_end = front_end_of(run)
    export(path, run.model(), front_end, [BLANK, *tokens()], "softmax", provenance(run), dtype, blank=BLANK)
    loaded = load(path)
    best = best_on_sample(loaded.model, loaded.front_end)
    changed = float((best != best_on_sample(run.model(), front_end)).mean())
    if changed > (0.03 if dtype == torch.bfloat16 else 0.001):
        raise SystemExit(f"Error: {path} gives other tokens than the trained model in {changed:.1%} of the frames")
    rate = errors_of(best, sample_reference()).rate
    print(f"{path.name}: {path.stat().st_size} bytes, token error on the sample {rate:.4f}, {changed:.3%} of the "
          "frames differ from what was trained", flush=True)


def keep_evaluation(run: RecognitionRun, name: str) -> None:
    """What the tables need, where it outlives the cache."""
    report = run.trained()["report"]
    kept = {
        "model": run.variant.name, "seed": run.seed, "timing": run.timing, "rounds": run.options.rounds,
        "hours": round(run.options.streams * run.options.shards * 4.8 / 3600 * run.options.percent / 100, 2),
        "parameters": parameter_count(run.model()), "best_round": report["best_round"],
        "validation_token_error": round(1 - report["validation"], 4), "minutes": round(report["seconds"] / 60, 1),
        "core_minutes": round(report["cpu_seconds"] / 60, 1),
        "sets": json.loads(run.path(".evaluation.json").read_text()),
    }
    EVALUATIONS.mkdir(exist_ok=True)
    (EVALUATIONS / f"{name}.json").write_text(json.dumps(kept) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    parser.add_argument("--to", type=Path)
    parser.add_argument("--study", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    run = RecognitionRun(options)
    if options.study:
        few = f"percent{options.percent}-{run.variant.name}-seed{run.seed}"
        return keep_evaluation(run, f"timing-{run.timing}" if options.percent == 100 else few)
    if run.variant.architecture in BOUNDS:
        add_bound(run)
    else:
        folder = options.to or MODELS / "recognition"
        folder.mkdir(parents=True, exist_ok=True)
        export_model(run, folder)
    if options.to is None:
        keep_evaluation(run, f"recognition-{run.variant.name}-seed{run.seed}")


if __name__ == "__main__":
    main()
