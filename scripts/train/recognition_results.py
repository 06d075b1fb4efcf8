"""Writes the tables of the recognisers into RESULTS.md, from train/evaluations, and what less data came to into
samples/recognition.data.json.

    recognition_results.py
"""

import json

from cache import ROOT
from evaluate_recognition import ALL, key
from export_recognition import EVALUATIONS
from recognition_run import VARIANTS
from results import renew, table
from token_metrics import paired_difference

FRAME = key(1, 0)
TIMINGS = {
    "plain": "CTC",
    "frames": "CTC, and 3 x cross entropy of a second head for the token of each frame",
    "places": "CTC over the alignments that tell each token within its time and 4 frames more",
    "both": "such alignments, and the cross entropy",
}


def percent(rate: dict) -> str:
    return f"{100 * rate['value']:.1f} % [{100 * rate['low']:.1f}, {100 * rate['high']:.1f}]"


def delays(spread: dict) -> str:
    return " / ".join(f"{spread[q]:.0f}" for q in ("p10", "p50", "p90")) if spread else "-"


def evaluations(prefix: str) -> list[dict]:
    found = [json.loads(path.read_text()) for path in EVALUATIONS.glob(f"{prefix}-*.json")]
    order = list(VARIANTS)
    return sorted(found, key=lambda e: (order.index(e["model"]), e["seed"]))


def default_setting(evaluation: dict) -> str:
    return next(iter(evaluation["sets"]["test"]))


def model_lines(found: list[dict]) -> list[str]:
    """A row a model at its default setting."""
    rows = []
    for e in found:
        setting = default_setting(e)
        test, english = e["sets"]["test"][setting], e["sets"]["english"][setting]
        rows.append([e["model"], str(e["seed"]), str(e["parameters"]), setting, percent(test["error_rate"]),
                     percent(english["error_rate"]), delays(test["emission_after_end_ms"]),
                     f"{100 * e['validation_token_error']:.1f} %", str(e["best_round"]), str(e["rounds"]),
                     f"{e['minutes']:.0f}", f"{e['core_minutes']:.1f}"])
    return table(["model", "seed", "parameters", "setting", "token error, test", "held-out English",
                  "emission after the end, p10 / p50 / p90, ms", "validation", "best round", "rounds", "training, min",
                  "core minutes"], rows)


def chunk_lines(found: list[dict]) -> list[str]:
    """A row a Transformer and setting."""
    rows = []
    for e in found:
        for chunk, left in sorted(ALL, key=lambda s: (s[1] != 128, s[0], s[1])):
            report = e["sets"]["test"].get(key(chunk, left))
            if report and VARIANTS[e["model"]].architecture == "transformer":
                rows.append([e["model"], str(e["seed"]), str(chunk), str(left), percent(report["error_rate"]),
                             delays(report["emission_after_end_ms"]), delays(report["with_chunk_after_end_ms"])])
    return table(["model", "seed", "chunk", "left context", "token error, test", "emission after the end, ms",
                  "with the chunk's waiting, ms"], rows)


# What is compared: model and setting against model and setting, seed by seed.
PAIRS = [
    (("transformer", key(1, 128)), ("transformer", key(4, 128))),
    (("transformer", key(1, 128)), ("transformer", key(16, 128))),
    (("transformer", key(16, 128)), ("transformer", key(32, 128))),
    (("transformer", key(4, 16)), ("transformer", key(4, 128))),
    (("lstm", FRAME), ("lstm-wait4", FRAME)),
    (("lstm", FRAME), ("lstm-wait16", FRAME)),
    (("lstm", FRAME), ("gru", FRAME)),
    (("lstm", FRAME), ("min_gru", FRAME)),
    (("gru", FRAME), ("min_gru", FRAME)),
    (("lstm", FRAME), ("transformer", key(1, 128))),
    (("lstm", FRAME), ("transformer", key(16, 128))),
    (("lstm-wait16", FRAME), ("transformer", key(16, 128))),
    (("lstm", FRAME), ("bidirectional", FRAME)),
    (("transformer", key(16, 128)), ("full", FRAME)),
    (("lstm-small", FRAME), ("lstm", FRAME)),
    (("lstm", FRAME), ("lstm-large", FRAME)),
    (("transformer-small", key(4, 128)), ("transformer", key(4, 128))),
    (("transformer", key(4, 128)), ("transformer-large", key(4, 128))),
    (("gru-small", FRAME), ("gru", FRAME)),
    (("gru", FRAME), ("gru-large", FRAME)),
    (("lstm-large", FRAME), ("transformer-large", key(1, 128))),
    (("lstm-large", FRAME), ("transformer-large", key(16, 128))),
]


def pair_lines(found: list[dict]) -> list[str]:
    by_name = {(e["model"], e["seed"]): e["sets"]["test"] for e in found}
    rows = []
    for (first, a), (second, b) in PAIRS:
        for seed in sorted({e["seed"] for e in found}):
            if (first, seed) in by_name and (second, seed) in by_name:
                difference = paired_difference(by_name[first, seed][a], by_name[second, seed][b])
                value, low, high = (100 * x for x in difference)
                names = [n if s == FRAME else f"{n}, {s}" for n, s in ((first, a), (second, b))]
                rows.append([*names, str(seed), f"{value:+.2f} [{low:+.2f}, {high:+.2f}]",
                             "yes" if low > 0 or high < 0 else "no"])
    return table(["from", "to", "seed", "token error, percentage points", "beyond the interval"], rows)


def timing_lines() -> list[str]:
    rows = []
    for name, words in TIMINGS.items():
        path = EVALUATIONS / f"timing-{name}.json"
        if path.exists():
            e = json.loads(path.read_text())
            test = e["sets"]["test"][FRAME]
            rows.append([words, f"{e['rounds']} of {e['hours']:.0f} h", percent(test["error_rate"]),
                         delays(test["emission_after_end_ms"]), delays(test["emission_after_begin_ms"])])
    return table(["loss", "rounds of 1 h", "token error, test", "emission after the end, p10 / p50 / p90, ms",
                  "after the begin, ms"], rows)


# What is compared on less data: a name, a model and its setting.
COMPARED = {
    "LSTM": ("lstm", FRAME),
    "Transformer, chunk 1": ("transformer", key(1, 128)),
    "Transformer, chunk 16": ("transformer", key(16, 128)),
}


def data_shares() -> dict[tuple[int, str, int], dict]:
    """Evaluations by percent, model and seed; nothing before less data was trained on."""
    found = {}
    for path in sorted(EVALUATIONS.glob("percent*-seed?.json")):
        e = json.loads(path.read_text())
        found[int(path.name.split("-")[0].removeprefix("percent")), e["model"], e["seed"]] = e
    if found:
        for e in evaluations("recognition"):
            if e["model"] in ("lstm", "transformer"):
                found[100, e["model"], e["seed"]] = e
    return found


def write_data_shares(found: dict[tuple[int, str, int], dict]) -> None:
    models, differences = [], []
    for percent, seed in sorted({(percent, seed) for percent, _, seed in found}):
        reports = {}
        for name, (model, setting) in COMPARED.items():
            if e := found.get((percent, model, seed)):
                reports[name] = report = e["sets"]["test"][setting]
                models.append({"name": name, "percent": percent, "hours": e["hours"], "seed": seed,
                               "error_rate": report["error_rate"]["value"]})
        for name, report in reports.items():
            if name != "LSTM" and "LSTM" in reports:
                value, low, high = paired_difference(report, reports["LSTM"])
                differences.append({"minus": name, "percent": percent, "seed": seed,
                                    "error_rate": {"value": round(value, 5), "low": round(low, 5),
                                                   "high": round(high, 5)}})
    text = {"trained_by": "scripts/train/recognition --data", "set": "the test set of scripts/train/RESULTS.md",
            "models": models, "differences": differences}
    (ROOT / "samples" / "recognition.data.json").write_text(json.dumps(text, indent=1) + "\n")


def data_lines(found: dict[tuple[int, str, int], dict]) -> list[str]:
    rows = []
    for (share, model, seed), e in sorted(found.items()):
        test = e["sets"]["test"]
        rates = [percent(test[setting]["error_rate"]) for name, setting in COMPARED.values() if name == model]
        rows.append([f"{share} %", f"{e['hours']:g}", model, str(seed), *rates, *[""] * (2 - len(rates)),
                     str(e["best_round"]), str(e["rounds"]), f"{e['core_minutes']:.1f}"])
    return table(["data", "hours", "model", "seed", "token error, test, answering at once", "with chunks of 16",
                  "best round", "rounds", "core minutes"], rows)


def real_lines(found: list[dict]) -> list[str]:
    rows = []
    for e in found:
        for chunk, own in e["chunks"].items():
            adapted = own["adapted"]
            rows.append([e["model"], str(e["seed"]), chunk, percent(own["clips"]["error_rate"]),
                         percent(own["prompts"]["error_rate"]), percent(own["other"]["error_rate"]),
                         percent(adapted["other"]["error_rate"]), percent(adapted["clips"]["error_rate"])])
    return table(["model", "seed", "chunk", "clips, 16 kHz", "prompts, 8 kHz", "half of the prompts",
                  "the same, adapted on the other half", "clips, adapted"], rows)


def main() -> None:
    found = evaluations("recognition")
    if found:
        first = found[0]["sets"]["test"][default_setting(found[0])]
        lines = [f"The test has {first['tokens']} tokens in {len(first['utterance_tokens'])} utterances; 95 % "
                 "intervals over utterances. *Emission* is the end of the frame that first tells a token, less the token's end:", ""]
        lines += model_lines(found)
        lines += ["", "The Transformers by chunk and left context; *with the chunk's waiting*: from the frame that "
                  "completes the chunk, which is when a lane tells the token, without the computing:", "", *chunk_lines(found)]
        lines += ["", "Paired differences over the same utterances; less is better:", "", *pair_lines(found)]
        renew("recognition", lines)
    renew("recognition-timing", timing_lines())
    if shares := data_shares():
        write_data_shares(shares)
        renew("recognition-data", data_lines(shares))
    renew("recognition-real", real_lines(evaluations("real")))


if __name__ == "__main__":
    main()
