"""Writes samples/activity.csv and samples/activity.labels.csv: a held-out subject's seven exercises.

The left arm of the first test subject: the middle 15 s of each exercise, one after the other, as
recorded. The labels are intervals in seconds, from the first frame of an exercise to the last one's end.
"""

import argparse
from pathlib import Path

from activity_series import AXES, SAMPLE_RATE, SUBJECTS, arms, load
from cache import ROOT

SECONDS = 15
ORDER = ("PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "samples")
    options = parser.parse_args()
    series, names = load()
    subject = SUBJECTS["test"][0]
    arm = next(a for a in arms(series) if (a[0].subject, a[0].side) == (subject, 0))
    by_name = {names[s.label]: s.samples for s in arm}
    lines, intervals, count = [",".join(("time",) + AXES)], ["start,end,label"], 0
    for name in ORDER:
        samples, length = by_name[name], SECONDS * SAMPLE_RATE
        start = (len(samples) - length) // 2
        begin = count / SAMPLE_RATE
        for row in samples[start : start + length]:
            lines.append(",".join([f"{count / SAMPLE_RATE:.2f}"] + [f"{v:.5f}" for v in row]))
            count += 1
        intervals.append(f"{begin:.2f},{count / SAMPLE_RATE:.2f},{name}")
    (options.to / "activity.csv").write_text("\n".join(lines) + "\n")
    (options.to / "activity.labels.csv").write_text("\n".join(intervals) + "\n")
    print(f"activity.csv: subject {subject}, {count / SAMPLE_RATE:.0f} s, {count} rows")


if __name__ == "__main__":
    main()
