"""Checks the reference and the golden files against naive formulas; prints a line a check.

python check_reference.py [GOLDEN_FOLDER]
"""

import json
import sys
import tempfile
from pathlib import Path

import naive
import numpy
import torch
from lockstep_reference import (
    ChannelNormaliser,
    Direct,
    LogMel,
    RecurrentModel,
    StreamingTransformer,
    export,
    load,
)
from min_gru import MinGRU
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

failed = []


def check(what: str, holds: bool, figure=""):
    print(f"{'ok    ' if holds else 'FAILED'} {what} {figure}")
    if not holds:
        failed.append(what)


def close(what: str, a, b, within: float):
    error = numpy.abs(numpy.asarray(a) - numpy.asarray(b)).max()
    check(what, error <= within, f"{error:.1e} <= {within:.0e}")


def differs(what: str, a, b, by: float):
    error = numpy.abs(numpy.asarray(a) - numpy.asarray(b)).max()
    check(what, error >= by, f"{error:.1e} >= {by:.0e}")


def metadata(path) -> dict[str, str]:
    with safe_open(path, framework="pt") as file:
        return file.metadata() or {}


@torch.no_grad()
def check_recurrent_model(plain: nn.RNNBase, architecture: str, nonlinearity: str | None = None):
    """`plain` is the torch layer that the model must equal: 5 inputs, 2 layers of 9."""
    torch.manual_seed(1)
    model = RecurrentModel(architecture, 5, 0, 9, 2, 3, nonlinearity).double()
    plain, head = plain.double(), nn.Linear(9, 3).double()
    state = model.state_dict()
    layers = f"{architecture}."
    plain.load_state_dict(
        {k.removeprefix(layers): v for k, v in state.items() if k.startswith(layers)}
    )
    head.load_state_dict({k[5:]: v for k, v in state.items() if k.startswith("head.")})
    frames = torch.randn(30, 5, dtype=torch.float64)
    whole = model(frames)
    name = f"{architecture} {nonlinearity or ''}".strip()
    check(f"{name}: equals plain torch layers", torch.equal(whole, head(plain(frames)[0])))
    wanted = naive.outputs(architecture, model.configuration, state, frames)
    close(f"{name}: equals the naive formulas", whole, wanted, 1e-14)
    first, state = model.run(frames[:11])
    second, _ = model.run(frames[11:], state)
    close(f"{name}: two parts equal one", torch.cat([first, second]), whole, 1e-14)
    close(
        f"{name}: a batch equals one by one", model(frames[None].repeat(2, 1, 1))[1], whole, 1e-14
    )


def check_min_gru_gradient():
    """That the gradient written by hand is that of differences."""
    torch.manual_seed(3)
    layer = MinGRU(3, 4, 2).double()
    frames = torch.randn(2, 6, 3, dtype=torch.float64, requires_grad=True)
    state = torch.randn(2, 2, 4, dtype=torch.float64, requires_grad=True)
    check("min_gru: gradient", torch.autograd.gradcheck(lambda x, h: layer(x, h)[0], (frames, state)))


def small_transformer(mask: str) -> StreamingTransformer:
    torch.manual_seed(2)
    return StreamingTransformer(
        5, 12, 3, 20, 3, 2, mask, 4, 6, activation="gelu_tanh", chunk_sizes=[1, 4, 8]
    ).double()


@torch.no_grad()
def check_transformer():
    frames = torch.randn(2, 30, 5, dtype=torch.float64)
    causal, chunk = small_transformer("causal"), small_transformer("chunk")
    for model in (causal, chunk):
        mask, whole = model.configuration["mask"], model(frames)
        close(f"{mask}: a batch equals one by one", whole[1], model(frames[1]), 1e-14)
        present = torch.rand(2, 30) > 0.3
        wanted = [
            naive.outputs(model.architecture, model.configuration, model.state_dict(), f, present=p)
            for f, p in zip(frames, present)
        ]
        close(f"{mask}: absent frames, batched", model(frames, present=present), wanted, 1e-12)
        close(
            f"{mask}: positions from 1e9 turn nothing but angles",
            model(frames, start=10**9),
            whole,
            1e-6,
        )
        changed = frames.clone()
        changed[:, 16:] += 1
        close(f"{mask}: chunks before a change stay", model(changed)[:, :16], whole[:, :16], 1e-14)
        differs(f"{mask}: the changed chunk does not", model(changed)[:, 16], whole[:, 16], 1e-3)
    close("causal: any chunk size", causal(frames, chunk_size=8), causal(frames), 0)
    differs("chunk: another chunk size", chunk(frames, chunk_size=8), chunk(frames), 1e-3)
    changed = frames.clone()
    changed[:, 19] += 1
    differs("chunk: looks ahead in the chunk", chunk(changed)[:, 16], chunk(frames)[:, 16], 1e-3)
    close("causal: never looks ahead", causal(changed)[:, 18], causal(frames)[:, 18], 1e-14)


def check_model_file(folder: Path):
    torch.manual_seed(3)
    path, other = folder / "a.safetensors", folder / "b.safetensors"
    model = RecurrentModel("rnn", 3, 4, 5, 2, 1, "relu")
    front_end = ChannelNormaliser(50, 3, [1, 2, 3], [0.5, 1, 2], ["x", "y", "z"])
    export(path, model, front_end, ["x"], provenance={"seed": 3})
    loaded = load(path)
    samples = torch.randn(20, 3)
    wanted = torch.sigmoid(model((samples - torch.tensor([1.0, 2, 3])) / torch.tensor([0.5, 1, 2])))
    close("an exported file computes the same", loaded.outputs(samples), wanted.detach(), 1e-7)
    export(other, loaded.model, loaded.front_end, loaded.labels, provenance=loaded.provenance)
    check("load and export again: same bytes", path.read_bytes() == other.read_bytes())

    tensors, data = load_file(path), metadata(path)
    configuration = json.loads(data["configuration"])
    wrong = {
        "a missing tensor": ({k: v for k, v in tensors.items() if k != "head.bias"}, {}),
        "a tensor too many": (tensors | {"extra": torch.zeros(1)}, {}),
        "a misshapen tensor": (tensors | {"head.bias": torch.zeros(2)}, {}),
        "an unknown key": (tensors, {"configuration": json.dumps(configuration | {"a": 1})}),
        "an architecture in the configuration": (
            tensors,
            {"configuration": json.dumps(configuration | {"architecture": "gru"})},
        ),
        "an unknown nonlinearity": (
            tensors,
            {"configuration": json.dumps(configuration | {"nonlinearity": "gelu"})},
        ),
        "a nonlinearity of a GRU": (
            {k.replace("rnn.", "gru."): v for k, v in tensors.items()},
            {"architecture": "gru"},
        ),
        "another format": (tensors, {"lockstep.format": "2"}),
    }
    for what, (changed, keys) in wrong.items():
        save_file(changed, other, data | keys)
        try:
            load(other)
            check(f"{what} is refused", False)
        except (RuntimeError, TypeError, ValueError):
            check(f"{what} is refused", True)
    with torch.no_grad():
        model.head.bias.fill_(float("nan"))
    try:
        export(other, model, Direct(50, 3), ["x"])
        check("a NaN is refused", False)
    except ValueError:
        check("a NaN is refused", True)


def check_golden(folder: Path):
    """Every stored output against the naive formulas, and that wrong formulas would show."""
    for path in sorted(folder.glob("*.model.safetensors")):
        name = path.name.removesuffix(".model.safetensors")
        golden = folder / f"{name}.golden.safetensors"
        loaded, stored = load(path), load_file(golden)
        configuration, state = loaded.model.configuration, loaded.model.state_dict()
        x = stored.get("frames", stored["input"])
        start = int(metadata(golden)["start"])
        # Frames of a front end are stored rounded to float32.
        within = 1e-6 if "frames" in stored else 2e-7

        def run(frames=x, configuration=configuration, state=state, **options):
            if "mask" in configuration:
                options = {"start": start} | options
            return naive.outputs(
                loaded.model.architecture,
                configuration,
                state,
                frames,
                loaded.activation,
                **options,
            )

        scale = max(1, float(stored["output"].abs().max()))
        close(name, run(), stored["output"], within * scale)
        for key in stored:
            if key.startswith("output_chunk"):
                chunk, left = (int(n) for n in key[12:].split("_left"))
                wanted = run(chunk_size=chunk, left_context=left)
                close(f"  {key}", wanted, stored[key], within * scale)
        if "mask" not in configuration:
            differs("  frames in another order", run(x.flip(0)), stored["output"], 1e-3)
            if loaded.model.architecture == "gru":
                check_wrong_gru(run, state, configuration["hidden_size"], stored["output"])
            if loaded.model.architecture == "rnn":
                other = "relu" if configuration["nonlinearity"] == "tanh" else "tanh"
                swapped = run(configuration=configuration | {"nonlinearity": other})
                differs("  the other nonlinearity", swapped, stored["output"], 1e-2)
                check_live(loaded.model, x)
            continue
        left, count = configuration["left_context"], len(x)
        if left + configuration["chunk_size"] < count:
            differs(
                "  a left context of one more", run(left_context=left + 1), stored["output"], 1e-3
            )
        if configuration["mask"] == "chunk" and count > configuration["chunk_size"]:
            swapped = configuration | {"mask": "causal"}
            if configuration["chunk_size"] > 1:
                differs("  the other mask", run(configuration=swapped), stored["output"], 1e-3)
        other = configuration | {
            "activation": "relu" if "gelu" in configuration["activation"] else "gelu_tanh"
        }
        differs("  the other activation", run(configuration=other), stored["output"], 1e-3)

    path = folder / "chunk-l2-h1-d32-c4-left8.model.safetensors"
    loaded = load(path)
    stored = load_file(str(path).replace(".model.", ".skips."))
    present = stored["present"].bool()
    wanted = naive.outputs(
        loaded.model.architecture,
        loaded.model.configuration,
        loaded.model.state_dict(),
        stored["input"],
        present=present,
    )
    close("skips", wanted[present], stored["output"][present], 1e-6)


def check_wrong_gru(run, state, size: int, output):
    """That a GRU of another order of gates, or of another formula, gives other outputs."""

    def changed(change):
        tensors = {k: v.clone() for k, v in state.items()}
        for k in tensors:
            if k.startswith("gru."):
                change(tensors, k)
        return run(state=tensors)

    def swap_r_z(tensors, k):
        r, z, n = tensors[k].split(size)
        tensors[k] = torch.cat([z, r, n])

    def invert_z(tensors, k):
        tensors[k][size : 2 * size] *= -1

    def join_biases(tensors, k):
        if "bias_hh" in k:
            tensors[k.replace("hh", "ih")][2 * size :] += tensors[k][2 * size :]
            tensors[k][2 * size :] = 0

    differs("  gates z, r, n", changed(swap_r_z), output, 1e-2)
    differs("  z h' + (1 - z) h", changed(invert_z), output, 1e-2)
    differs("  b_hn outside of r", changed(join_biases), output, 1e-2)
    differs("  r before the matrix", run(reset_first=True), output, 1e-2)


@torch.no_grad()
def check_live(model: RecurrentModel, frames):
    """A plain RNN has no gates to hold its state: it must neither die nor explode, to the end."""
    state, states = None, []
    for frame in frames:
        _, state = model.run(frame[None].float(), state)
        states.append(state)
    h = torch.stack(states)  # [frames, layers, hidden_size]
    last = h[-20:]
    moving = ((last.max(0).values - last.min(0).values) > 0.05).float().mean(1).min()
    check("  in every layer, most units move at the end", moving >= 0.7, f"{moving:.2f} >= 0.7")
    check("  no value of the state is large", h.abs().max() <= 10, f"{h.abs().max():.1f} <= 10")


def check_log_mel(folder: Path):
    for name in ("log-mel", "log-mel-8000"):
        path = folder / f"{name}.golden.safetensors"
        stored, settings = load_file(path), json.loads(metadata(path)["front_end"])
        settings.pop("type")
        bands = numpy.asarray(stored["frames"])
        error = numpy.abs(naive.log_mel(stored["samples"], **settings) - bands)
        near = bands > bands.max(axis=1, keepdims=True) - 6 * numpy.log(10)
        close(f"{name}, bands within 60 dB of the strongest", error[near], 0, 5e-5)
        close(f"{name}, all bands", error, 0, 1e-3)
    check("no frame of 399 samples", LogMel().features(numpy.zeros(399)).shape == (0, 40))
    check("one frame of 400 samples", LogMel().features(numpy.zeros(400)).shape == (1, 40))


def main():
    torch.set_num_threads(1)
    root = Path(__file__).resolve().parents[2]
    golden = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "Tests/Golden"
    check_recurrent_model(nn.LSTM(5, 9, 2), "lstm")
    check_recurrent_model(nn.GRU(5, 9, 2), "gru")
    check_recurrent_model(MinGRU(5, 9, 2), "min_gru")
    check_min_gru_gradient()
    for kind in ("tanh", "relu"):
        check_recurrent_model(nn.RNN(5, 9, 2, nonlinearity=kind), "rnn", kind)
    check_transformer()
    with tempfile.TemporaryDirectory() as folder:
        check_model_file(Path(folder))
    check_golden(golden)
    check_log_mel(golden)
    if failed:
        sys.exit(f"Error: {len(failed)} checks failed")
    print("all checks hold")


if __name__ == "__main__":
    main()
