"""The two models of Lockstep in PyTorch: the reference that training, export and the golden files use.

A model here sees a whole recording at once; the Swift streams must give the same numbers frame by frame.
Parameter names are the tensor names of the model file. Shapes: `frames` is [frames, input_size] or
[batch, frames, input_size]; models return the head's values before the output activation (`activate`).

  from lockstep_reference import StreamingTransformer, LogMel, export, load
  model = StreamingTransformer(input_size=40, model_size=64, ...)
  logits = model(frames, chunk_size=4)                  # training: float32, batched
  export("speech.safetensors", model, front_end=LogMel(mean=m, std=s), labels=["speech"])
  outputs = load("speech.safetensors").double().outputs(samples)   # samples in, activated outputs out
"""

import json
import math
from pathlib import Path

import kaldi_native_fbank
import numpy
import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional as F


class RecurrentModel(nn.Module):
    """`head(LSTM(input_projection(frames)))` with zero initial state; no projection if its size is 0."""

    architecture = "lstm"

    def __init__(self, input_size: int, projection_size: int, hidden_size: int, layer_count: int,
                 output_size: int):
        super().__init__()
        self.configuration = dict(
            input_size=input_size, projection_size=projection_size, hidden_size=hidden_size,
            layer_count=layer_count, output_size=output_size)
        if projection_size:
            self.input_projection = nn.Linear(input_size, projection_size)
        self.lstm = nn.LSTM(projection_size or input_size, hidden_size, layer_count, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, frames: Tensor) -> Tensor:
        return self.run(frames)[0]

    def run(self, frames: Tensor, state=None):
        """Returns the outputs and nn.LSTM's (h, c) after the last frame, to go on from there."""
        x = self.input_projection(frames) if self.configuration["projection_size"] else frames
        x, state = self.lstm(x, state)
        return self.head(x), state


class StreamingTransformer(nn.Module):
    """Pre-norm Transformer with rotary positions and a mask that follows from absolute positions.

    `chunk_size` and `left_context` are defaults that a call may override; `chunk_sizes` and
    `max_left_context` tell users of the file what it was trained for and are not enforced here.
    """

    architecture = "streaming_transformer"

    def __init__(self, input_size: int, model_size: int, head_count: int, feed_forward_size: int,
                 layer_count: int, output_size: int, mask: str, chunk_size: int, left_context: int,
                 activation: str = "relu", norm_epsilon: float = 1e-5, rotary_base: float = 10000.0,
                 max_left_context: int | None = None, chunk_sizes: list[int] | None = None):
        super().__init__()
        if model_size % (2 * head_count):
            raise ValueError(f"model_size {model_size} is no even multiple of {head_count} heads")
        if mask not in ("causal", "chunk") or activation not in ("relu", "gelu_tanh"):
            raise ValueError(f"unknown mask {mask} or activation {activation}")
        max_left_context = left_context if max_left_context is None else max_left_context
        if chunk_sizes is None and mask == "chunk":
            chunk_sizes = [chunk_size]
        if left_context > max_left_context or (mask == "chunk" and chunk_size not in chunk_sizes):
            raise ValueError("the default chunk_size or left_context is not among those allowed")
        self.configuration = dict(
            input_size=input_size, model_size=model_size, head_count=head_count,
            feed_forward_size=feed_forward_size, layer_count=layer_count, output_size=output_size,
            mask=mask, chunk_size=chunk_size, left_context=left_context, activation=activation,
            norm_epsilon=norm_epsilon, rotary_base=rotary_base, max_left_context=max_left_context)
        if chunk_sizes is not None:
            self.configuration["chunk_sizes"] = list(chunk_sizes)
        self.input_projection = nn.Linear(input_size, model_size)
        self.layers = nn.ModuleList(
            Block(model_size, head_count, feed_forward_size, activation, norm_epsilon)
            for _ in range(layer_count))
        self.norm = nn.LayerNorm(model_size, norm_epsilon)
        self.head = nn.Linear(model_size, output_size)

    def forward(self, frames: Tensor, start: int = 0, chunk_size: int | None = None,
                left_context: int | None = None, present: Tensor | None = None) -> Tensor:
        """`start`: position of the first frame; no keys exist before it. `present`: bool [frames] or
        [batch, frames], False for frames that nobody else may see (padding, dropped frames)."""
        positions = torch.arange(start, start + frames.shape[-2])
        visible = self.visible(positions, chunk_size, left_context)
        if present is not None:
            itself = torch.eye(len(positions), dtype=torch.bool)
            visible = (visible & present.unsqueeze(-2)) | itself
            visible = visible.unsqueeze(-3)  # the same for all heads
        mask = torch.zeros(visible.shape, dtype=frames.dtype).masked_fill(~visible, -math.inf)
        rotation = self.rotation(positions, frames.dtype)
        x = self.input_projection(frames)
        for layer in self.layers:
            x = layer(x, rotation, mask)
        return self.head(self.norm(x))

    def visible(self, positions: Tensor, chunk_size: int | None = None,
                left_context: int | None = None) -> Tensor:
        """bool [frames, frames]: which key (column) the frame of a row sees."""
        chunk_size = self.configuration["chunk_size"] if chunk_size is None else chunk_size
        left_context = self.configuration["left_context"] if left_context is None else left_context
        query, key = positions[:, None], positions[None, :]
        if self.configuration["mask"] == "causal":
            return (key >= query - left_context) & (key <= query)
        chunk_start = query // chunk_size * chunk_size
        return (key >= chunk_start - left_context) & (key < chunk_start + chunk_size)

    def rotation(self, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """cos and sin of the rotary angles, [frames, head_size / 2]. Phases are float64 in any case."""
        head_size = self.configuration["model_size"] // self.configuration["head_count"]
        index = torch.arange(head_size // 2, dtype=torch.float64)
        frequency = self.configuration["rotary_base"] ** (-2 * index / head_size)
        angle = positions.double()[:, None] * frequency
        return angle.cos().to(dtype), angle.sin().to(dtype)


class Block(nn.Module):
    """x += attention(norm(x)); x += feed_forward(norm(x))."""

    def __init__(self, model_size: int, head_count: int, feed_forward_size: int, activation: str,
                 norm_epsilon: float):
        super().__init__()
        self.attention_norm = nn.LayerNorm(model_size, norm_epsilon)
        self.attention = Attention(model_size, head_count)
        self.feed_forward_norm = nn.LayerNorm(model_size, norm_epsilon)
        self.feed_forward = FeedForward(model_size, feed_forward_size, activation)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x), rotation, mask)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Attention(nn.Module):
    def __init__(self, model_size: int, head_count: int):
        super().__init__()
        self.head_count = head_count
        self.query = nn.Linear(model_size, model_size)
        self.key = nn.Linear(model_size, model_size)
        self.value = nn.Linear(model_size, model_size)
        self.output = nn.Linear(model_size, model_size)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        query = rotate(self.split(self.query(x)), rotation)
        key = rotate(self.split(self.key(x)), rotation)
        value = self.split(self.value(x))
        y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.output(y.transpose(-3, -2).flatten(-2))

    def split(self, x: Tensor) -> Tensor:
        """[..., frames, model_size] to [..., heads, frames, head_size]."""
        return x.unflatten(-1, (self.head_count, -1)).transpose(-3, -2)


class FeedForward(nn.Module):
    def __init__(self, model_size: int, feed_forward_size: int, activation: str):
        super().__init__()
        self.activation = activation
        self.up = nn.Linear(model_size, feed_forward_size)
        self.down = nn.Linear(feed_forward_size, model_size)

    def forward(self, x: Tensor) -> Tensor:
        x = self.up(x)
        x = F.relu(x) if self.activation == "relu" else F.gelu(x, approximate="tanh")
        return self.down(x)


def rotate(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """Dimensions i and i + head_size / 2 are a pair: (a, b) -> (a cos - b sin, b cos + a sin)."""
    cos, sin = rotation
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def activate(logits: Tensor, activation: str) -> Tensor:
    """The head's values to outputs: `none`, `sigmoid` or `softmax` (over the output values)."""
    return {"none": lambda x: x, "sigmoid": torch.sigmoid,
            "softmax": lambda x: torch.softmax(x, dim=-1)}[activation](logits)


class Direct:
    """Front end `none`: a sample of all channels, [samples, channels], is a frame."""

    type = "none"

    def __init__(self, sample_rate: float, channels: int):
        self.configuration = dict(type=self.type, sample_rate=sample_rate, channels=channels)
        self.tensors: dict[str, Tensor] = {}

    def frames(self, samples) -> Tensor:
        return torch.as_tensor(samples)


class ChannelNormaliser:
    """(x - mean) / std for each channel of [samples, channels]."""

    type = "channel_normaliser"

    def __init__(self, sample_rate: float, channels: int, mean, std):
        self.configuration = dict(type=self.type, sample_rate=sample_rate, channels=channels)
        self.tensors = normalisation(mean, std, channels)

    def frames(self, samples) -> Tensor:
        return normalise(torch.as_tensor(samples), self.tensors)


class LogMel:
    """Kaldi's log-mel filter bank, by kaldi-native-fbank, then (x - mean) / std for each band.

    Samples are one channel in -1 ... 1, scaled to 16-bit range here. Frame n covers samples
    n hop ..< n hop + window. A band without power gives log(2^-23), kaldi's floor.
    """

    type = "log_mel"

    def __init__(self, sample_rate: int = 16000, channels: int = 1, window: int = 400, hop: int = 160,
                 mel_bands: int = 40, low_hz: float = 20, high_hz: float = 3800, mean=None, std=None):
        self.configuration = dict(
            type=self.type, sample_rate=sample_rate, channels=channels, window=window, hop=hop,
            mel_bands=mel_bands, low_hz=low_hz, high_hz=high_hz)
        self.tensors = normalisation(
            numpy.zeros(mel_bands) if mean is None else mean,
            numpy.ones(mel_bands) if std is None else std, mel_bands)

    def features(self, samples) -> Tensor:
        """float32 [frames, mel_bands] before normalisation; no frame if the input is too short."""
        c = self.configuration
        options = kaldi_native_fbank.FbankOptions()
        options.frame_opts.samp_freq = c["sample_rate"]
        options.frame_opts.frame_length_ms = 1000 * c["window"] / c["sample_rate"]
        options.frame_opts.frame_shift_ms = 1000 * c["hop"] / c["sample_rate"]
        options.frame_opts.dither = 0
        options.frame_opts.snip_edges = True
        options.frame_opts.remove_dc_offset = True
        options.frame_opts.preemph_coeff = 0.97
        options.frame_opts.window_type = "povey"
        options.frame_opts.round_to_power_of_two = True
        options.mel_opts.num_bins = c["mel_bands"]
        options.mel_opts.low_freq = c["low_hz"]
        options.mel_opts.high_freq = c["high_hz"]
        options.use_energy = False
        options.use_power = True
        options.use_log_fbank = True
        options.htk_compat = False
        samples = numpy.asarray(samples, dtype=numpy.float32)
        bank = kaldi_native_fbank.OnlineFbank(options)
        bank.accept_waveform(c["sample_rate"], (samples * numpy.float32(32768)).tolist())
        bank.input_finished()
        count = max(0, (len(samples) - c["window"]) // c["hop"] + 1)
        if bank.num_frames_ready != count:  # kaldi thinks in milliseconds and might round a window down
            raise ValueError(f"{bank.num_frames_ready} frames instead of {count}: {c}")
        rows = [bank.get_frame(n) for n in range(count)]
        return torch.from_numpy(numpy.array(rows, numpy.float32).reshape(count, c["mel_bands"]))

    def frames(self, samples) -> Tensor:
        return normalise(self.features(samples), self.tensors)


def normalisation(mean, std, size: int) -> dict[str, Tensor]:
    tensors = {"front_end.mean": torch.as_tensor(mean, dtype=torch.float32),
               "front_end.std": torch.as_tensor(std, dtype=torch.float32)}
    if any(t.shape != (size,) for t in tensors.values()) or not (tensors["front_end.std"] > 0).all():
        raise ValueError(f"mean and std must have {size} values each, std positive")
    return tensors


def normalise(x: Tensor, tensors: dict[str, Tensor]) -> Tensor:
    dtype = x.dtype if x.is_floating_point() else torch.float32
    return (x - tensors["front_end.mean"].to(dtype)) / tensors["front_end.std"].to(dtype)


FRONT_ENDS = {front_end.type: front_end for front_end in (Direct, ChannelNormaliser, LogMel)}
MODELS = {model.architecture: model for model in (RecurrentModel, StreamingTransformer)}


class LoadedModel:
    """What is in a model file: model, front_end, activation, labels, provenance."""

    def __init__(self, model, front_end, activation: str, labels: list[str], provenance: dict | None):
        self.model, self.front_end = model, front_end
        self.activation, self.labels, self.provenance = activation, labels, provenance

    def double(self) -> "LoadedModel":
        self.model.double()
        return self

    @torch.no_grad()
    def outputs(self, samples, **options) -> Tensor:
        """Samples to activated outputs [frames, output_size]; options go to the model's `forward`."""
        dtype = next(self.model.parameters()).dtype
        samples = torch.as_tensor(samples)
        if self.front_end.type != "log_mel":  # kaldi computes in float32 whatever it is given
            samples = samples.to(dtype)
        frames = self.front_end.frames(samples).to(dtype)
        return activate(self.model(frames, **options), self.activation)


def export(path, model: nn.Module, front_end, labels: list[str], activation: str = "sigmoid",
           provenance: dict | None = None, dtype: torch.dtype = torch.float32) -> None:
    """Writes the model file. The same arguments give the same bytes."""
    output_size = model.configuration["output_size"]
    if len(labels) != output_size or activation not in ("none", "sigmoid", "softmax"):
        raise ValueError(f"need {output_size} labels and a known activation: {labels}, {activation}")
    tensors = {**model.state_dict(), **front_end.tensors}
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor.to(dtype)).all():
            raise ValueError(f"{name} is not finite as {dtype}")
    metadata = {"lockstep.format": "1", "architecture": model.architecture,
                "configuration": model.configuration, "front_end": front_end.configuration,
                "outputs": {"activation": activation, "labels": labels}}
    if provenance is not None:
        metadata["provenance"] = provenance
    write_safetensors(path, {name: tensor.to(dtype) for name, tensor in tensors.items()}, {
        key: value if isinstance(value, str) else json.dumps(value, allow_nan=False)
        for key, value in metadata.items()})


def load(path) -> LoadedModel:
    """Reads a model file; tensors that are missing, left over or misshapen are errors."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    if metadata["lockstep.format"] != "1":
        raise ValueError(f"{path}: unknown format {metadata['lockstep.format']}")
    model = MODELS[metadata["architecture"]](**json.loads(metadata["configuration"]))
    settings = json.loads(metadata["front_end"])
    kind = FRONT_ENDS[settings.pop("type")]
    if kind is not Direct:
        settings |= {"mean": tensors.pop("front_end.mean"), "std": tensors.pop("front_end.std")}
    model.load_state_dict(tensors, strict=True)
    model.eval()
    outputs = json.loads(metadata["outputs"])
    provenance = json.loads(metadata["provenance"]) if "provenance" in metadata else None
    return LoadedModel(model, kind(**settings), outputs["activation"], outputs["labels"], provenance)


def write_safetensors(path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Our own writer, because the library's orders the metadata differently in every run."""
    types = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}
    header: dict = {"__metadata__": metadata}
    data = bytearray()
    for name, tensor in tensors.items():
        content = tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes()
        header[name] = {"dtype": types[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # data begins at a multiple of 8, as the format asks
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + data)
