"""What lockstep is meant to reach against ONNX Runtime: how many times its speed, in one run."""

# Workload, our column, the peer's column, the least ratio of their times.
TARGETS = [
    ("L1", "f32", "ort f32", 3.5),
    ("L2", "f32", "ort f32", 1.5),
    ("L3", "f32", "ort f32", 1.3),
    ("T1c1", "f32", "ort f32", 3.2),
    ("T2c1", "f32", "ort f32", 2.5),
    ("T2c16", "f32", "ort f32", 2.2),
    ("L1", "int8", "ort int8", 7),
    ("L2", "int8", "ort int8", 3),
    ("L3", "int8", "ort int8", 1.7),
    ("T1c1", "int8 kv", "ort int8", 10),
    ("T2c1", "int8 kv", "ort int8", 4),
    ("T3c1", "int8 kv", "ort int8", 5),
    ("L2x64", "f32", "ort f32", 1.1),
    ("L2x64", "int8", "ort int8", 1.6),
    ("silero", "f32", "ort f32", 8),
    ("T2c1x64", "f32 kv", "ort f32", 8),
    ("T2c1x64", "bf16 kv", "ort f32", 8),
    ("T2c1x64", "int8 kv", "ort int8", 8),
]


def table(results, ratios):
    """Markdown; `ratios(workload, peer, own)` yields the ratios of all rounds, None without them."""
    lines = ["| target | at least | measured | |", "|---|---|---|---|"]
    for workload, own, peer, least in TARGETS:
        if workload not in results:
            continue
        measured, middle = ratios(results[workload], peer, own)
        if middle is None:
            verdict = "not measured"
        else:
            verdict = "reached" if middle >= least else "missed"
        name = f"{workload} {own} against {peer}"
        lines.append(f"| {name} | {least:g} | {measured} | {verdict} |")
    return "\n".join(lines)
