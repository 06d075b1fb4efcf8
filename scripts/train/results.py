"""Writes the table of all seeds into RESULTS.md, between the marks of its task.

    results.py speech --seeds 1,2,3 [--rounds 40] ...
    results.py speech-sizes --seeds 1 [--rounds 40] ...
    results.py activity --seeds 1,2,3 [--rounds 120]
    results.py activity-folds --rounds 100
"""

import argparse
import sys
from pathlib import Path

from networks import ARCHITECTURES, REPORTED_CHUNKS, SPEECH_SIZES, parameter_count

RESULTS = Path(__file__).with_name("RESULTS.md")


def with_interval(figure: float, interval: list[float], digits: int = 4) -> str:
    return f"{figure:.{digits}f} [{interval[0]:.{digits}f}, {interval[1]:.{digits}f}]"


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def minutes(run) -> list[str]:
    """What training took: minutes that passed, and minutes of one core that it used."""
    report = run.trained()["report"]
    return [f"{report['seconds'] / 60:.0f}", f"{report['cpu_seconds'] / 60:.1f}"]


def speech_lines(options: argparse.Namespace) -> list[str]:
    from export_speech import evaluation, median_run
    from speech_run import SpeechRun

    runs = {a: [SpeechRun(options, a, s) for s in options.seeds] for a in ARCHITECTURES}
    chosen = {median_run(group).name for group in runs.values()}
    every = [run for group in runs.values() for run in group]
    seeds = table(
        ["model", "seed", "parameters", "best round", "validation", "test", "LibriVox",
         "training, min", "core minutes"],
        [[run.architecture + (" (committed)" if run.name in chosen else ""), str(run.seed),
          str(parameter_count(run.model())), str(run.trained()["report"]["best_round"]),
          f"{run.trained()['report']['validation']:.4f}",
          f"{evaluation(run)['test']['mean_auc']:.4f}",
          f"{evaluation(run)['librivox']['mean_auc']:.4f}", *minutes(run)] for run in every])
    hours = options.streams * 10 / 3600
    lines = [f"Every model sees the same data in the same order but for its seed: {options.rounds} rounds of "
             f"{hours:g} h of mixtures, from {hours * options.shards:g} h in all. Mean of the AUCs at 0, 5, 10 "
             "and 20 dB:", "", *seeds, ""]
    for name, title in (("test", "held-out languages"), ("librivox", "LibriVox, 16 kHz")):
        first = evaluation(every[0])[name]
        rows = []
        for condition, energy in first["by_snr"].items():
            row = [condition.replace("_", " "),
                   with_interval(energy["frame_energy_auc"], energy["frame_energy_interval"])]
            for run in every:
                if run.name in chosen:
                    own = evaluation(run)[name]["by_snr"][condition]
                    row += [with_interval(own["auc"], own["interval"]),
                            "[{:.4f}, {:.4f}]".format(*own["lead_interval"])]
            rows.append(row)
        lines += [f"The committed pair, {title}; 95 % intervals over {first['units']} x "
                  f"{first['unit']}; lead = paired difference to frame energy:", "",
                  *table(["SNR", "frame energy", "lstm", "lead", "transformer", "lead"], rows), ""]
    kinds = list(evaluation(every[0])["test"]["by_noise"])
    lines += ["AUC over the four SNRs by noise, test:", "", *table(
        ["model", "seed", *kinds],
        [[run.architecture, str(run.seed)] + [
            f"{evaluation(run)['test']['by_noise'][k]:.4f}" for k in kinds] for run in every]), ""]
    lines += ["Transformer by chunk size, test, mean of the four SNRs:", "", *table(
        ["seed", *(f"chunk {c}" for c in REPORTED_CHUNKS)],
        [[str(run.seed)] + [f"{evaluation(run)['test']['mean_auc_by_chunk'][str(c)]:.4f}"
                            for c in REPORTED_CHUNKS] for run in runs["transformer"]])]
    return lines


def size_lines(options: argparse.Namespace) -> list[str]:
    """Seed by seed, the sizes that have been trained."""
    from export_speech import evaluation
    from speech_run import SpeechRun

    runs = [SpeechRun(options, a, s, size)
            for size in SPEECH_SIZES for a in ARCHITECTURES for s in options.seeds]
    return table(
        ["size", "model", "seed", "parameters", "test", "LibriVox", "training, min", "core minutes"],
        [[run.size, run.architecture, str(run.seed), str(parameter_count(run.model())),
          f"{evaluation(run)['test']['mean_auc']:.4f}", f"{evaluation(run)['librivox']['mean_auc']:.4f}",
          *minutes(run)] for run in runs if run.path(".evaluation.json").exists()])


def activity_lines(options: argparse.Namespace) -> list[str]:
    from activity_data import BATCH, FRAMES, STEPS
    from activity_run import ActivityRun
    from activity_series import SAMPLE_RATE
    from export_activity import evaluation, median_run

    runs = {a: [ActivityRun(options, a, s) for s in options.seeds] for a in ARCHITECTURES}
    chosen = {median_run(group).name for group in runs.values()}
    every = [run for group in runs.values() for run in group]
    first = evaluation(every[0])
    recorded = sum(len(s.samples) for s in every[0].training) / SAMPLE_RATE / 60
    seen = options.rounds * STEPS * BATCH * FRAMES / SAMPLE_RATE / 3600
    lines = [f"Every model sees the same {seen:.1f} h of streams but for its seed, made of {recorded:.0f} minutes of "
             "recordings; the weights are those averaged over the last rounds. Share of frames named rightly on "
             f"held-out subjects; 95 % intervals over {first['units']} {first['unit']}; the majority class "
             f"({first['majority_class']}) gives {first['majority_class_accuracy']:.4f}:", "", *table(
        ["model", "seed", "parameters", "test", *(f"subject {s}" for s in first["by_subject"]),
         "training, min", "core minutes"],
        [[run.architecture + (" (committed)" if run.name in chosen else ""), str(run.seed),
          str(parameter_count(run.model())),
          with_interval(evaluation(run)["accuracy"], evaluation(run)["interval"]),
          *(f"{v:.4f}" for v in evaluation(run)["by_subject"].values()), *minutes(run)]
         for run in every]), ""]
    return lines + ["Transformer by chunk size, test:", "", *table(
        ["seed", *(f"chunk {c}" for c in REPORTED_CHUNKS)],
        [[str(run.seed)] + [f"{evaluation(run)['accuracy_by_chunk'][str(c)]:.4f}"
                            for c in REPORTED_CHUNKS] for run in runs["transformer"]])]


def fold_lines(options: argparse.Namespace) -> list[str]:
    from activity_run import ActivityRun
    from activity_series import AUGMENTATIONS, FOLDS

    rows = []
    for augmentation in AUGMENTATIONS:
        runs = [ActivityRun(options, "lstm", 1, k, augmentation) for k in range(len(FOLDS))]
        figures = [run.trained()["report"]["validation"] for run in runs]
        rows.append([augmentation, *(f"{v:.4f}" for v in figures), f"{sum(figures) / len(figures):.4f}"])
    return table(["augmentation", *(f"subjects {', '.join(map(str, f))}" for f in FOLDS), "mean"], rows)


LINES = {"speech": speech_lines, "speech-sizes": size_lines, "activity": activity_lines, "activity-folds": fold_lines}


def renew(task: str, lines: list[str]) -> None:
    """Puts the lines between the marks of a task."""
    begin, end = f"<!-- {task}: begin -->", f"<!-- {task}: end -->"
    before, rest = RESULTS.read_text().split(begin)
    after = rest.split(end)[1]
    RESULTS.write_text("\n".join([before + begin, "", *lines, "", end]) + after)
    print(f"{RESULTS.name}: {task} written")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    task = sys.argv[1] if len(sys.argv) > 1 else ""
    parser.add_argument("task", choices=LINES)
    parser.add_argument("--seeds", type=lambda t: [int(s) for s in t.split(",")], default=[1, 2, 3])
    if task.startswith("activity"):
        from activity_run import add_arguments
    else:
        from speech_run import add_arguments
    add_arguments(parser, architecture=False)
    options = parser.parse_args()
    renew(options.task, LINES[options.task](options))


if __name__ == "__main__":
    main()
