"""Writes tokens.json: 200 random transcripts with their errors and emission delays, counted plainly.

  python make_tokens_golden.py --out FOLDER

A case has `reference`, rows of start, end (seconds), label, utterance; and `hypothesis`, rows of label and
time (the end of the frame that tells the token). One alignment over the whole case: the fewest errors, where
a substitution, a deletion and an insertion are one each. Of several such alignments it is the one that is
found by going back from both ends and taking a match or substitution where that is among the fewest, else a
deletion, else an insertion. An insertion counts for the utterance of the last reference token before it, or
of the first one if there is none before it; without a reference there is no error rate. Matched pairs are those with equal labels;
their delays are time - end and time - start, in seconds.
"""

import argparse
import json
import random
from pathlib import Path

CASES, SEED = 200, 17
RULE = "fewest errors; from the end: match or substitution before deletion before insertion"


def aligned(reference: list[str], hypothesis: list[str]) -> list[tuple[int | None, int | None]]:
    """Pairs of indices from the first to the last; None on one side is a deletion or an insertion."""
    rows, columns = len(reference) + 1, len(hypothesis) + 1
    cost = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            ways = []
            if i and j:
                ways.append(cost[i - 1][j - 1] + (reference[i - 1] != hypothesis[j - 1]))
            if i:
                ways.append(cost[i - 1][j] + 1)
            if j:
                ways.append(cost[i][j - 1] + 1)
            cost[i][j] = min(ways, default=0)
    pairs = []
    i, j = len(reference), len(hypothesis)
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + (reference[i - 1] != hypothesis[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and cost[i][j] == cost[i - 1][j] + 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def judged(reference: list[list], hypothesis: list[list]) -> dict:
    """What the case's errors and delays are."""
    pairs = aligned([row[2] for row in reference], [row[0] for row in hypothesis])
    totals = {"substitutions": 0, "deletions": 0, "insertions": 0}
    utterances = {}
    for *_, utterance in reference:
        utterances.setdefault(utterance, dict(totals, tokens=0))["tokens"] += 1
    current = reference[0][3] if reference else None
    matched = []
    for i, j in pairs:
        if i is not None:
            current = reference[i][3]
        if i is None:
            error = "insertions"
        elif j is None:
            error = "deletions"
        elif reference[i][2] != hypothesis[j][0]:
            error = "substitutions"
        else:
            matched.append([i, j])
            continue
        totals[error] += 1
        if current is not None:
            utterances[current][error] += 1
    errors = sum(totals.values())
    return totals | {
        "error_rate": errors / len(reference) if reference else None,
        "utterances": utterances,
        "matched": matched,
        "delays_after_end": [round(hypothesis[j][1] - reference[i][1], 3) for i, j in matched],
        "delays_after_begin": [round(hypothesis[j][1] - reference[i][0], 3) for i, j in matched],
    }


def drawn(generator: random.Random, number: int) -> tuple[list[list], list[list]]:
    """A reference and a hypothesis; few labels, so that they repeat and alignments tie."""
    labels = ["AA", "B", "CH", "D", "EH", "F", "G"][: generator.choice([1, 2, 3, 7])]
    reference, time = [], generator.randint(0, 500) / 1000
    for utterance in range(generator.choice([1, 1, 2, 3, 4])):
        for _ in range(generator.choice([1, 2, 5, 12, 25])):
            end = time + generator.randint(20, 300) / 1000
            reference.append([round(time, 3), round(end, 3), generator.choice(labels), f"u{utterance + 1}"])
            time = end
        time += generator.randint(100, 900) / 1000
    if number % 40 == 7:
        reference = []
    noise = generator.choice([0, 0.05, 0.2, 0.5, 1])
    hypothesis = []
    for _, end, label, _ in reference:
        late = end + generator.randint(-100, 300) / 1000
        if generator.random() < noise / 3:
            continue
        if generator.random() < noise / 3:
            label = generator.choice(labels)
        hypothesis.append([label, late])
        if generator.random() < noise / 3:
            hypothesis.append([generator.choice(labels), late + 0.03])
    if number % 20 == 3:
        hypothesis = []
    if number % 40 == 7 and number % 80 != 7:
        hypothesis = [[generator.choice(labels), 0.1 * k] for k in range(generator.randint(1, 4))]
    # A stream tells its tokens in order.
    times = sorted(round(max(0.025, row[1]), 3) for row in hypothesis)
    return reference, [[row[0], time] for row, time in zip(hypothesis, times)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    generator = random.Random(SEED)
    cases = []
    for number in range(CASES):
        reference, hypothesis = drawn(generator, number)
        cases.append(
            dict(reference=reference, hypothesis=hypothesis) | judged(reference, hypothesis)
        )
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = parser.parse_args().out / "tokens.json"
    path.write_text(f'{{"rule":{json.dumps(RULE)},"cases":[\n{lines}\n]}}\n')
    errors = sum(c["substitutions"] + c["deletions"] + c["insertions"] for c in cases)
    print(f"{path.name}: {len(cases)} cases, {sum(len(c['reference']) for c in cases)} tokens, {errors} errors")


if __name__ == "__main__":
    main()
