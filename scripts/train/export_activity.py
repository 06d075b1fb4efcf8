"""Exports the activity pair: for each architecture the seed with the median test accuracy.

    export_activity.py --seeds 1,2,3 [--rounds 120] [--to DIRECTORY]

Every exported file is loaded anew and must give, from the samples of a stream on, the outputs that
were evaluated.
"""

import argparse
import json
from pathlib import Path

import torch
from lockstep_reference import ChannelNormaliser, export, load

from activity_data import BATCH, FRAMES, STEPS, streams_of
from activity_run import DEFAULT_AUGMENTATION, ActivityRun, add_arguments
from activity_series import AXES, SAMPLE_RATE, SUBJECTS
from cache import MODELS
from networks import ARCHITECTURES, check_equal_sizes, parameter_count


def evaluation(run: ActivityRun) -> dict:
    return json.loads(run.path(".evaluation.json").read_text())


def median_run(runs: list[ActivityRun]) -> ActivityRun:
    """By the test accuracy; of an even number the lower of the two in the middle."""
    ordered = sorted(runs, key=lambda run: evaluation(run)["accuracy"])
    return ordered[(len(ordered) - 1) // 2]


def provenance(run: ActivityRun, runs: list[ActivityRun]) -> dict:
    return {
        "task": "which of seven shoulder exercises, every 20 ms",
        "data": {
            "source": "seglearn 1.2.5, watch_dataset: 140 series, 10 subjects, smartwatch at 50 Hz",
            "channels": AXES,
            "subjects": SUBJECTS,
            "test": "every arm of a test subject is one stream through its seven exercises",
        },
        "licences": {"seglearn watch_dataset": "BSD-3-Clause"},
        "training_line": f"scripts/train/activity --seed {run.seed}",
        "training_command":
            f"train_activity.py {run.architecture} --seed {run.seed} --rounds {run.options.rounds}",
        "seed": run.seed,
        "chosen_as": f"median test accuracy of seeds {[r.seed for r in runs]}" if len(runs) > 1 else "the only seed",
        "parameters": parameter_count(run.model()),
        "epochs": {"rounds": run.options.rounds, "batches_a_round": STEPS, "batch": f"{BATCH} x {FRAMES} frames",
                   "augmentation": DEFAULT_AUGMENTATION, "weights": "averaged, of the last round"},
        "quality": evaluation(run),
    }


def check(path: Path, run: ActivityRun) -> float:
    """The largest difference between the file's outputs on a stream and the trained model's."""
    samples, _ = streams_of(run.test)[0]
    with torch.no_grad():
        evaluated = run.model()(torch.from_numpy((samples - run.mean) / run.std)).softmax(-1)
    difference = float((load(path).outputs(samples) - evaluated).abs().max())
    if not difference <= 1e-4:
        raise SystemExit(f"Error: {path} gives other outputs than were evaluated: {difference}")
    return difference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, architecture=False)
    parser.add_argument("--seeds", type=lambda t: [int(s) for s in t.split(",")], default=[1, 2, 3])
    parser.add_argument("--to", type=Path, default=MODELS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    runs = {a: [ActivityRun(options, a, seed) for seed in options.seeds] for a in ARCHITECTURES}
    chosen = {a: median_run(runs[a]) for a in ARCHITECTURES}
    check_equal_sizes({a: parameter_count(run.model()) for a, run in chosen.items()})
    options.to.mkdir(parents=True, exist_ok=True)
    for architecture, run in chosen.items():
        path = options.to / f"activity-{architecture}.safetensors"
        front_end = ChannelNormaliser(SAMPLE_RATE, len(AXES), run.mean, run.std, AXES)
        export(path, run.model(), front_end, run.labels, "softmax",
               provenance(run, runs[architecture]))
        difference = check(path, run)
        print(f"{path.name}: seed {run.seed}, {path.stat().st_size} bytes, within {difference:.1e} "
              "of what was evaluated", flush=True)


if __name__ == "__main__":
    main()
