"""Exports the speech pair: for each architecture the seed with the median test AUC.

    export_speech.py --seeds 1,2,3 [--rounds 40] ... [--to DIRECTORY]

Every exported file is loaded anew and must give, from the samples of a clip on, the outputs that
were evaluated. Also writes the seeds of every architecture as JSON for the table of results.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from lockstep_reference import LogMel, export, load

from cache import MODELS
from log_mel import SETTINGS
from networks import ARCHITECTURES, check_equal_sizes, parameter_count
from recordings import MUSIC_SPLITS, TEST_LANGUAGES, TRAINING_LANGUAGES, librivox
from speech_data import EvaluationSet
from speech_run import SpeechRun, add_arguments

DATA = {
    "train": f"asterisk-core-sounds-{{{','.join(TRAINING_LANGUAGES)}}}-wav at five speeds, "
             "an eighth of the prompts left out for validation; music "
             + ", ".join(MUSIC_SPLITS["train"]) + "; synthetic noises and babble; SNR -3 to 25 dB and clean",
    "test": f"asterisk-core-sounds-{{{','.join(TEST_LANGUAGES)}}}-wav (other speakers and languages); "
            "a fifth of the recordings each with music " + ", ".join(MUSIC_SPLITS["test"])
            + ", white, pink, babble, hum; SNR over the frames with speech",
    "librivox": "five clips of pocketsphinx-testdata, recorded at 16 kHz, each with all five noises",
    "teacher": "Silero VAD 6.2.3, silero_vad_16k_op15.onnx, on the clean track; speech = at least 0.5; "
               "a frame has the label of the chunk of 512 samples that holds its middle",
    "frame_energy": "the logarithm of the mean square of the frame's 400 samples",
}
LICENCES = {
    "asterisk-core-sounds-{en,es,fr,it}-wav, asterisk-moh-opsound-wav": "CC-BY-SA-3.0",
    "asterisk-core-sounds-ru-wav (test only)": "CC-BY-3.0",
    "pocketsphinx-testdata (test only)": "BSD-2-Clause",
    "Silero VAD (teacher)": "MIT",
}


def evaluation(run: SpeechRun) -> dict:
    return json.loads(run.path(".evaluation.json").read_text())


def median_run(runs: list[SpeechRun]) -> SpeechRun:
    """By the mean test AUC; of an even number the lower of the two in the middle."""
    ordered = sorted(runs, key=lambda run: evaluation(run)["test"]["mean_auc"])
    return ordered[(len(ordered) - 1) // 2]


def provenance(run: SpeechRun, runs: list[SpeechRun]) -> dict:
    report = run.trained()["report"]
    options = run.options
    return {
        "task": "speech or not, every 10 ms",
        "data": DATA,
        "licences": LICENCES,
        "training_line": f"scripts/train/speech --size {run.size} --seed {run.seed}",
        "training_command": f"train_speech.py {run.architecture} --size {run.size} --seed {run.seed} "
                            f"--rounds {options.rounds} --shards {options.shards} "
                            f"--streams {options.streams} --data-seed {options.data_seed}",
        "seed": run.seed,
        "chosen_as": f"median test AUC of seeds {[r.seed for r in runs]}" if len(runs) > 1 else "the only seed",
        "parameters": parameter_count(run.model()),
        "epochs": {
            "rounds": options.rounds, "hours_a_round": options.streams * 10 / 3600,
            "best_round": report["best_round"], "validation_mean_auc": round(report["validation"], 4),
        },
        "quality": evaluation(run),
    }


def check(path: Path, run: SpeechRun) -> float:
    """The largest difference between the file's outputs on a clip and those evaluated."""
    _, samples = librivox()[0]
    data = EvaluationSet(run.data / "librivox.npz", run.mean, run.std)
    logits = torch.from_numpy(data.scores(run.model()))
    evaluated = torch.sigmoid(logits)[: data.lengths[0]]
    options = {} if run.architecture == "lstm" else {"chunk_size": 4, "left_context": 128}
    difference = float((load(path).outputs(samples, **options)[:, 0] - evaluated).abs().max())
    if difference > 1e-4 or not np.isfinite(difference):
        raise SystemExit(f"Error: {path} gives other outputs than were evaluated: {difference}")
    return difference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, architecture=False)
    parser.add_argument("--seeds", type=lambda t: [int(s) for s in t.split(",")], default=[1, 2, 3])
    parser.add_argument("--to", type=Path, help="samples/models, or its folder sizes for another size")
    options = parser.parse_args()
    to = options.to or (MODELS if options.size == "default" else MODELS / "sizes")
    torch.set_num_threads(1)
    runs = {a: [SpeechRun(options, a, seed) for seed in options.seeds] for a in ARCHITECTURES}
    chosen = {a: median_run(runs[a]) for a in ARCHITECTURES}
    check_equal_sizes({a: parameter_count(run.model()) for a, run in chosen.items()})
    to.mkdir(parents=True, exist_ok=True)
    for architecture, run in chosen.items():
        part = "" if options.size == "default" else f"-{options.size}"
        path = to / f"speech-{architecture}{part}.safetensors"
        front_end = LogMel(**SETTINGS, mean=run.mean, std=run.std)
        export(path, run.model(), front_end, ["speech"], "sigmoid", provenance(run, runs[architecture]))
        difference = check(path, run)
        print(f"{path.name}: seed {run.seed}, {path.stat().st_size} bytes, within {difference:.1e} "
              "of what was evaluated", flush=True)


if __name__ == "__main__":
    main()
