"""Measures a trained speech model on the held-out recordings, beside the frame-energy detector.

    evaluate_speech.py lstm|transformer [--seed 1] [--rounds 40] ...

Writes NAME.evaluation.json beside the trained weights. Chooses nothing.
"""

import argparse
import json

import numpy as np
import torch

from metrics import auc, auc_comparison, rounded
from networks import REPORTED_CHUNKS
from prepare_speech import CLEAN, EVALUATION_SNRS
from speech_data import EvaluationSet, mean_auc
from speech_run import SpeechRun, add_arguments

CONDITIONS = {"clean": CLEAN} | {f"{snr}_db": snr for snr in EVALUATION_SNRS}


def by_condition(data: EvaluationSet, scores: np.ndarray, units: np.ndarray) -> dict:
    """AUC, intervals and lead over frame energy at every SNR, and over all four SNRs together."""
    result = {}
    groups = {name: data.snr == snr for name, snr in CONDITIONS.items()}
    groups["all_snrs"] = data.snr != CLEAN
    for name, here in groups.items():
        figures = auc_comparison(
            {"model": scores[here], "frame_energy": data.energy[here]},
            data.positive[here], units[here], baseline="frame_energy")
        result[name] = {
            "auc": figures["model"]["auc"],
            "interval": figures["model"]["interval"],
            "frame_energy_auc": figures["frame_energy"]["auc"],
            "frame_energy_interval": figures["frame_energy"]["interval"],
            "lead_interval": figures["model"]["lead_interval"],
        }
    return result


def by_noise(data: EvaluationSet, scores: np.ndarray) -> dict[str, float]:
    """AUC over the four SNRs, for every kind of noise."""
    result = {}
    for kind in sorted(set(data.noise) - {"none"}):
        here = data.noise == kind
        result[str(kind)] = auc(scores[here], data.positive[here])
    return result


def evaluate(run: SpeechRun) -> dict:
    model, mean, std = run.model(), run.mean, run.std
    test = EvaluationSet(run.data / "test.npz", mean, std)
    scores = test.scores(model)
    librivox = EvaluationSet(run.data / "librivox.npz", mean, std)
    clip_scores = librivox.scores(model)
    result = {
        "test": {
            "mean_auc": mean_auc(test, scores),
            "unit": "recording",
            "units": int(test.unit.max()) + 1,
            "frames_per_snr": int((test.snr == 0).sum()),
            "by_snr": by_condition(test, scores, test.unit),
            "by_noise": by_noise(test, scores),
        },
        "librivox": {
            "mean_auc": mean_auc(librivox, clip_scores),
            "unit": "block of 1 s",
            "units": len(set(zip(librivox.unit.tolist(), (librivox.frame // 100).tolist()))),
            "by_snr": by_condition(
                librivox, clip_scores, librivox.unit * 1000 + librivox.frame // 100),
        },
    }
    if run.architecture == "transformer":
        noisy = EvaluationSet(run.data / "test.npz", mean, std, EVALUATION_SNRS)
        result["test"]["mean_auc_by_chunk"] = {
            str(chunk): mean_auc(noisy, noisy.scores(model, chunk_size=chunk))
            for chunk in REPORTED_CHUNKS
        }
    return rounded(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser)
    run = SpeechRun(parser.parse_args())
    torch.set_num_threads(1)
    print(f"{run.name}: evaluating", flush=True)
    result = evaluate(run)
    run.path(".evaluation.json").write_text(json.dumps(result, indent=1) + "\n")
    by_snr = result["test"]["by_snr"]
    print(f"{run.name}: test AUC " + ", ".join(
        f"{k} {v['auc']:.3f} (energy {v['frame_energy_auc']:.3f})" for k, v in by_snr.items()),
        flush=True)


if __name__ == "__main__":
    main()
