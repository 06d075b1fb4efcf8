"""Writes the table of all seeds into RESULTS.md, between the marks of its task.

    results.py speech --seeds 1,2,3 [--rounds 40] ...     results.py activity --seeds 1,2,3 [--rounds 60]
"""

import argparse
import sys
from pathlib import Path

from networks import ARCHITECTURES, REPORTED_CHUNKS, parameter_count

RESULTS = Path(__file__).with_name("RESULTS.md")


def with_interval(figure: float, interval: list[float], digits: int = 4) -> str:
    return f"{figure:.{digits}f} [{interval[0]:.{digits}f}, {interval[1]:.{digits}f}]"


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def speech_lines(options: argparse.Namespace) -> list[str]:
    from export_speech import evaluation, median_run
    from speech_run import SpeechRun

    runs = {a: [SpeechRun(options, a, s) for s in options.seeds] for a in ARCHITECTURES}
    chosen = {median_run(group).name for group in runs.values()}
    every = [run for group in runs.values() for run in group]
    seeds = table(
        ["model", "seed", "parameters", "best round", "validation", "test", "LibriVox",
         "training, min"],
        [[run.architecture + (" (committed)" if run.name in chosen else ""), str(run.seed),
          str(parameter_count(run.model())), str(run.trained()["report"]["best_round"]),
          f"{run.trained()['report']['validation']:.4f}",
          f"{evaluation(run)['test']['mean_auc']:.4f}",
          f"{evaluation(run)['librivox']['mean_auc']:.4f}",
          f"{run.trained()['report']['seconds'] / 60:.0f}"] for run in every])
    lines = ["Mean of the AUCs at 0, 5, 10 and 20 dB:", "", *seeds, ""]
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


def activity_lines(options: argparse.Namespace) -> list[str]:
    from activity_run import ActivityRun
    from export_activity import evaluation, median_run

    runs = {a: [ActivityRun(options, a, s) for s in options.seeds] for a in ARCHITECTURES}
    chosen = {median_run(group).name for group in runs.values()}
    every = [run for group in runs.values() for run in group]
    first = evaluation(every[0])
    lines = [f"Share of frames named rightly on held-out subjects; 95 % intervals over {first['units']} "
             f"{first['unit']}; the majority class ({first['majority_class']}) gives "
             f"{first['majority_class_accuracy']:.4f}:", "", *table(
        ["model", "seed", "parameters", "best round", "validation", "test",
         *(f"subject {s}" for s in first["by_subject"]), "training, min"],
        [[run.architecture + (" (committed)" if run.name in chosen else ""), str(run.seed),
          str(parameter_count(run.model())), str(run.trained()["report"]["best_round"]),
          f"{run.trained()['report']['validation']:.4f}",
          with_interval(evaluation(run)["accuracy"], evaluation(run)["interval"]),
          *(f"{v:.4f}" for v in evaluation(run)["by_subject"].values()),
          f"{run.trained()['report']['seconds'] / 60:.0f}"] for run in every]), ""]
    return lines + ["Transformer by chunk size, test:", "", *table(
        ["seed", *(f"chunk {c}" for c in REPORTED_CHUNKS)],
        [[str(run.seed)] + [f"{evaluation(run)['accuracy_by_chunk'][str(c)]:.4f}"
                            for c in REPORTED_CHUNKS] for run in runs["transformer"]])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    task = sys.argv[1] if len(sys.argv) > 1 else ""
    parser.add_argument("task", choices=("speech", "activity"))
    parser.add_argument("--seeds", type=lambda t: [int(s) for s in t.split(",")], default=[1, 2, 3])
    if task == "activity":
        from activity_run import add_arguments
    else:
        from speech_run import add_arguments
    add_arguments(parser, architecture=False)
    options = parser.parse_args()
    lines = (speech_lines if options.task == "speech" else activity_lines)(options)
    begin, end = f"<!-- {options.task}: begin -->", f"<!-- {options.task}: end -->"
    before, rest = RESULTS.read_text().split(begin)
    after = rest.split(end)[1]
    RESULTS.write_text("\n".join([before + begin, "", *lines, "", end]) + after)
    print(f"{RESULTS.name}: {options.task} written")


if __name__ == "__main__":
    main()
