"""Small ONNX files for the tests of lanes that ONNX Runtime runs: good ones, and one for each way to be wrong.

Each is the text of a graph; `onnx.parser` describes its grammar.
"""

import json
from pathlib import Path

import onnx
from onnx import parser

SIGNATURE = {
    "sample_rate": 100,
    "hop": 4,
    "input": "input",
    "outputs": {"tensor": "output"},
}

# The sum that forgets: s' = s / 2 + x, which is the output, too.
LEAK = """
leak (float[1, 4] input, float[1, 4] state) => (float[1, 4] output, float[1, 4] stateN)
<float half = {0.5}>
{ old = Mul(state, half)  stateN = Add(old, input)  output = Identity(stateN) }
"""

GRAPHS = {
    "leak": LEAK,
    "leak-metadata": LEAK,
    # Its batch has a name, another axis of the frames none; the state has the batch in the middle.
    "open": """
open (float[batch, samples] input, float[2, batch, 4] state, int64 gain)
  => (float[batch, values] output, float[a, b, c] stateN)
<float half = {0.5}, int64[1] first = {0}>
{ factor = Cast<to = 1>(gain)  loud = Mul(input, factor)  old = Mul(state, half)
  stateN = Add(old, loud)  output = ReduceSum<keepdims = 0>(stateN, first) }
""",
    # All names of Silero VAD, and another model.
    "namesake": """
namesake (float[1, 4] input, float[1, 4] state, int64 sr)
  => (float[1, 4] output, float[1, 4] stateN)
<float half = {0.5}>
{ old = Mul(state, half)  stateN = Add(old, input)  output = Identity(stateN) }
""",
    # Two frames of three values a call, and one state that counts in whole numbers.
    "chunk": """
chunk (float[1, 2, 3] input, float[1, 3] state, int64[1] count)
  => (float[1, 2, 3] output, float[1, 3] next_state, int64[1] count_out)
<float half = {0.5}, int64[1] one = {1}, int64[1] zero = {0}, int64[1] two = {2}>
{ first = Slice(input, zero, one, one)  second = Slice(input, one, two, one)
  firstRow = Squeeze(first, one)  secondRow = Squeeze(second, one)
  old = Mul(state, half)  middle = Add(old, firstRow)  half_middle = Mul(middle, half)
  next_state = Add(half_middle, secondRow)
  a = Unsqueeze(middle, one)  b = Unsqueeze(next_state, one)  output = Concat<axis = 1>(a, b)
  count_out = Add(count, one) }
""",
    # An echo canceller in spirit: what the far end says is taken away.
    "two-inputs": """
pair (float[1, 4] near, float[1, 4] far, float[1, 4] state)
  => (float[1, 4] output, float[1, 4] new_state)
<float half = {0.5}>
{ quiet = Mul(far, half)  output = Sub(near, quiet)  old = Mul(state, half)
  new_state = Add(old, far) }
""",
    # Overlapping windows of samples: 8 for a hop of 4.
    "overlap": """
overlap (float[1, 8] input, float[1] count) => (float[1, 8] output, float[1] count_out)
<float half = {0.5}, float[1] one = {1}>
{ output = Mul(input, half)  count_out = Add(count, one) }
""",
    "stateless": """
stateless (float[1, 4] input) => (float[1, 4] output)
<float two = {2}>
{ output = Mul(input, two) }
""",
    "random": """
random (float[1, 4] input, float[1, 4] state) => (float[1, 4] output, float[1, 4] stateN)
{ noise = RandomNormalLike(input)  stateN = Add(noise, input)  output = Identity(stateN) }
""",
    "idle": """
idle (float[1, 4] input, float[1, 4] state, float[1, 2] other)
  => (float[1, 4] output, float[1, 4] stateN, float[1, 2] other_out)
{ stateN = Add(state, input)  output = Identity(stateN)  other_out = Identity(other) }
""",
    "left-open": """
leftopen (float[1, 4] input, float[1, past] state) => (float[1, 4] output, float[1, n] stateN)
{ stateN = Concat<axis = 1>(state, input)  output = Identity(input) }
""",
    "grows": """
grows (float[1, 4] input, float[1, 4] state) => (float[1, 4] output, float[a, b] stateN)
{ stateN = Concat<axis = 1>(state, input)  output = Identity(input) }
""",
    # Names that pair by no rule, and shapes that would mislead.
    "unpaired": """
unpaired (float[1, 4] input, float[1, 4] before) => (float[1, 4] output, float[1, 4] after)
{ after = Add(before, input)  output = Identity(after) }
""",
    # A table of 50 positions, after which the model fails.
    "ends": """
ends (float[1, 4] input, int64[1] position) => (float[1, 4] output, int64[1] position_out)
<int64[1] one = {1}, int64[1] length = {50}, float[1] zero = {0}>
{ table = Expand(zero, length)  value = Gather(table, position)  output = Add(input, value)
  position_out = Add(position, one) }
""",
    "large": """
large (float[1, 4] input, float[4000000000, 4000000000, 4000000000] state)
  => (float[1, 4] output, float[a, b, c] stateN)
{ output = Identity(input)  stateN = Identity(state) }
""",
    "half": """
half (float16[1, 4] input, float16[1, 4] state) => (float16[1, 4] output, float16[1, 4] stateN)
{ stateN = Add(state, input)  output = Identity(stateN) }
""",
}


def write_onnx(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in GRAPHS.items():
        model = parser.parse_model('<ir_version: 9, opset_import: ["" : 18]>' + text)
        onnx.checker.check_model(model)
        if name == "leak-metadata":
            entry = model.metadata_props.add()
            entry.key, entry.value = "lockstep", json.dumps(SIGNATURE)
        onnx.save(model, folder / f"{name}.onnx")
