"""What turns samples into frames. `configuration` and `tensors` are what the model file stores."""

import kaldi_native_fbank
import numpy
import torch
from torch import Tensor


class Direct:
    """Front end `none`: a sample of all channels, [samples, channels], is a frame."""

    type = "none"

    def __init__(self, sample_rate: float, channels: int, channel_names=None):
        self.configuration = dict(type=self.type, sample_rate=sample_rate, channels=channels)
        self.configuration |= named(channel_names, channels)
        self.tensors: dict[str, Tensor] = {}

    def frames(self, samples) -> Tensor:
        return torch.as_tensor(samples)


class ChannelNormaliser:
    """(x - mean) / std for each channel of [samples, channels]."""

    type = "channel_normaliser"

    def __init__(self, sample_rate: float, channels: int, mean, std, channel_names=None):
        self.configuration = dict(type=self.type, sample_rate=sample_rate, channels=channels)
        self.configuration |= named(channel_names, channels)
        self.tensors = normalisation(mean, std, channels)

    def frames(self, samples) -> Tensor:
        return normalise(torch.as_tensor(samples), self.tensors)


class Samples:
    """Raw samples [samples, channels]: frame t is the samples t hop - context ... (t + 1) hop - 1 of every
    channel, one channel behind the other, zeros before the start."""

    type = "samples"

    def __init__(
        self, sample_rate: int, channels: int, hop: int, context: int, channel_names=None
    ):
        self.configuration = dict(
            type=self.type, sample_rate=sample_rate, channels=channels, hop=hop, context=context
        )
        self.configuration |= named(channel_names, channels)
        self.tensors: dict[str, Tensor] = {}

    def frames(self, samples) -> Tensor:
        c = self.configuration
        rows = torch.as_tensor(samples).T
        padded = torch.nn.functional.pad(rows, (c["context"], 0))
        return padded.unfold(-1, c["context"] + c["hop"], c["hop"]).transpose(0, 1).flatten(1)


class LogMel:
    """Kaldi's log-mel filter bank, by kaldi-native-fbank, then (x - mean) / std for each band.

    Samples are one channel in -1 ... 1, scaled to 16-bit range here. Frame n covers samples
    n hop ..< n hop + window. A band without power gives log(2^-23), kaldi's floor.
    """

    type = "log_mel"

    def __init__(
        self,
        sample_rate: int = 16000,
        channels: int = 1,
        window: int = 400,
        hop: int = 160,
        mel_bands: int = 40,
        low_hz: float = 20,
        high_hz: float = 3800,
        mean=None,
        std=None,
        channel_names=None,
    ):
        self.configuration = dict(
            type=self.type,
            sample_rate=sample_rate,
            channels=channels,
            window=window,
            hop=hop,
            mel_bands=mel_bands,
            low_hz=low_hz,
            high_hz=high_hz,
        )
        self.configuration |= named(channel_names, channels)
        self.tensors = normalisation(
            numpy.zeros(mel_bands) if mean is None else mean,
            numpy.ones(mel_bands) if std is None else std,
            mel_bands,
        )

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
        if bank.num_frames_ready != count:  # kaldi counts in milliseconds and may round down
            raise ValueError(f"{bank.num_frames_ready} frames instead of {count}: {c}")
        rows = [bank.get_frame(n) for n in range(count)]
        return torch.from_numpy(numpy.array(rows, numpy.float32).reshape(count, c["mel_bands"]))

    def frames(self, samples) -> Tensor:
        return normalise(self.features(samples), self.tensors)


def named(channel_names, channels: int) -> dict:
    """The key by which columns are found, where there are names."""
    if channel_names is None:
        return {}
    names = list(channel_names)
    if len(names) != channels or len(set(names)) != channels or "" in names:
        raise ValueError(f"need {channels} different names: {names}")
    return {"channel_names": names}


def normalisation(mean, std, size: int) -> dict[str, Tensor]:
    tensors = {
        "front_end.mean": torch.as_tensor(mean, dtype=torch.float32),
        "front_end.std": torch.as_tensor(std, dtype=torch.float32),
    }
    if (
        any(t.shape != (size,) for t in tensors.values())
        or not (tensors["front_end.std"] > 0).all()
    ):
        raise ValueError(f"mean and std must have {size} values each, std positive")
    return tensors


def normalise(x: Tensor, tensors: dict[str, Tensor]) -> Tensor:
    dtype = x.dtype if x.is_floating_point() else torch.float32
    return (x - tensors["front_end.mean"].to(dtype)) / tensors["front_end.std"].to(dtype)
