"""Silero VAD in PyTorch, with the tensor names of the model file."""

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDES = (1, 2, 2, 1)  # of the convolutions


class SileroVAD(nn.Module):
    """The transform, convolutions, LSTM and head of Silero VAD over frames of 9/4 windows, from zero
    state."""

    architecture = "silero_vad"

    def __init__(
        self,
        input_size: int,
        window_size: int,
        encoder_sizes: list[int],
        hidden_size: int,
        output_size: int,
    ):
        super().__init__()
        if window_size % 4 or 4 * input_size != 9 * window_size or window_size < 8 or len(encoder_sizes) != 4:
            raise ValueError(f"window {window_size}, input {input_size}, encoder {encoder_sizes}")
        self.configuration = dict(
            input_size=input_size,
            window_size=window_size,
            encoder_sizes=encoder_sizes,
            hidden_size=hidden_size,
            output_size=output_size,
        )
        bins = window_size // 2 + 1
        sizes = [bins, *encoder_sizes]
        self.encoder = nn.ModuleList(
            nn.Conv1d(inputs, outputs, 3, stride, padding=1)
            for inputs, outputs, stride in zip(sizes, encoder_sizes, STRIDES)
        )
        self.lstm = nn.LSTM(encoder_sizes[-1], hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, frames: Tensor) -> Tensor:
        window = self.configuration["window_size"]
        padded = functional.pad(frames[:, None], (0, window // 4), mode="reflect")[:, 0]
        hann = torch.hann_window(window, dtype=frames.dtype)
        x = torch.stft(padded, window, window // 2, window=hann, center=False, return_complex=True)
        x = x.abs()
        for layer in self.encoder:
            x = functional.relu(layer(x))
        hidden, _ = self.lstm(x.transpose(1, 2)[:, 0])
        return self.head(functional.relu(hidden))
