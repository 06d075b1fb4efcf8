"""Front ends: what turns samples into frames, as docs/model-file.md tells of them."""

from dataclasses import dataclass, field

import torch

from .refusal import ExportRefused, finite

LOG_MEL_OPTIONS = (
    "window_type",
    "pre_emphasis",
    "remove_dc",
    "scale",
    "fft_size",
    "spectrum",
    "log",
    "floor",
    "mel_scale",
    "mel_norm",
)


@dataclass
class FrontEnd:
    """What the file says of it, its tensors, and the values of a frame."""

    configuration: dict
    width: int
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)

    @property
    def frame_size(self) -> int:
        """Values that the model gets of a frame."""
        splice = self.configuration.get("splice")
        return self.width * (splice["left"] + splice["right"] + 1 if splice else 1)


def no_front_end(sample_rate: int, channels: int, *, channel_names=None, splice=None) -> FrontEnd:
    """A sample of all channels is a frame."""
    return made("none", sample_rate, channels, channels, {}, None, None, channel_names, splice)


def channel_normaliser(
    sample_rate: int, mean, std, *, channel_names=None, splice=None
) -> FrontEnd:
    """(x - mean) / std of every channel."""
    channels = len(mean)
    return made(
        "channel_normaliser", sample_rate, channels, channels, {}, mean, std, channel_names, splice
    )


def log_mel(
    sample_rate: int,
    *,
    window: int,
    hop: int,
    mel_bands: int,
    low_hz: float,
    high_hz: float,
    mean=None,
    std=None,
    splice=None,
    **options,
) -> FrontEnd:
    """Log-mel bands of one channel, then (x - mean) / std; by default kaldi's. docs/features.md tells
    which options equal which library."""
    for name in options:
        if name not in LOG_MEL_OPTIONS:
            raise ExportRefused(
                f"log_mel has no option {name}, expected one of {', '.join(LOG_MEL_OPTIONS)}"
            )
    sizes = dict(window=window, hop=hop, mel_bands=mel_bands, low_hz=low_hz, high_hz=high_hz)
    mean = torch.zeros(mel_bands) if mean is None else mean
    std = torch.ones(mel_bands) if std is None else std
    return made("log_mel", sample_rate, 1, mel_bands, sizes | options, mean, std, None, splice)


def made(kind, sample_rate, channels, width, options, mean, std, names, splice) -> FrontEnd:
    configuration = dict(type=kind, sample_rate=int(sample_rate), channels=int(channels)) | options
    if names is not None:
        names = list(names)
        if len(names) != channels or len(set(names)) != channels or "" in names:
            raise ExportRefused(f"channel_names is {names}, expected {channels} different names")
        configuration["channel_names"] = names
    if splice is not None:
        left, right = splice
        configuration["splice"] = dict(left=int(left), right=int(right))
    tensors = {}
    if mean is not None:
        for name, values in (("front_end.mean", mean), ("front_end.std", std)):
            tensors[name] = finite(name, torch.as_tensor(values))
            if tuple(tensors[name].shape) != (width,):
                raise ExportRefused(f"{name} is {list(tensors[name].shape)}, expected [{width}]")
        if not (tensors["front_end.std"] > 0).all():
            raise ExportRefused("front_end.std has a value that is not above 0")
    return FrontEnd(configuration, width, tensors)
