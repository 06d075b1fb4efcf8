"""The stateful LSTM."""

from torch import Tensor, nn


class RecurrentModel(nn.Module):
    """`head(LSTM(input_projection(frames)))` with zero initial state; projection_size may be 0."""

    architecture = "lstm"

    def __init__(
        self,
        input_size: int,
        projection_size: int,
        hidden_size: int,
        layer_count: int,
        output_size: int,
    ):
        super().__init__()
        self.configuration = dict(
            input_size=input_size,
            projection_size=projection_size,
            hidden_size=hidden_size,
            layer_count=layer_count,
            output_size=output_size,
        )
        if projection_size:
            self.input_projection = nn.Linear(input_size, projection_size)
        self.lstm = nn.LSTM(
            projection_size or input_size, hidden_size, layer_count, batch_first=True
        )
        self.head = nn.Linear(hidden_size, output_size)

    def forward(self, frames: Tensor) -> Tensor:
        return self.run(frames)[0]

    def run(self, frames: Tensor, state=None):
        """Returns the outputs and nn.LSTM's (h, c) after the last frame, to go on from there."""
        x = self.input_projection(frames) if self.configuration["projection_size"] else frames
        x, state = self.lstm(x, state)
        return self.head(x), state
