"""The stateful recurrent models: LSTM, GRU, minGRU, and the plain RNN with tanh or relu."""

from min_gru import MinGRU
from torch import Tensor, nn

LAYERS = {"lstm": nn.LSTM, "gru": nn.GRU, "min_gru": MinGRU, "rnn": nn.RNN}


class RecurrentModel(nn.Module):
    """`head(layers(input_projection(frames)))` with zero initial state; projection_size may be 0.

    The layers are `nn.LSTM`, `nn.GRU`, `MinGRU` or `nn.RNN`, under the architecture's name; `rnn` alone has,
    and needs, a nonlinearity.
    """

    def __init__(
        self,
        architecture: str,
        input_size: int,
        projection_size: int,
        hidden_size: int,
        layer_count: int,
        output_size: int,
        nonlinearity: str | None = None,
    ):
        super().__init__()
        if (nonlinearity is not None) != (architecture == "rnn"):
            raise ValueError(f"{architecture} with nonlinearity {nonlinearity}")
        self.architecture = architecture
        self.configuration = dict(
            input_size=input_size,
            projection_size=projection_size,
            hidden_size=hidden_size,
            layer_count=layer_count,
            output_size=output_size,
        )
        options = {} if nonlinearity is None else dict(nonlinearity=nonlinearity)
        self.configuration |= options
        if projection_size:
            self.input_projection = nn.Linear(input_size, projection_size)
        layers = LAYERS[architecture](
            projection_size or input_size, hidden_size, layer_count, batch_first=True, **options
        )
        self.add_module(architecture, layers)
        self.head = nn.Linear(hidden_size, output_size)

    @property
    def layers(self) -> nn.RNNBase | MinGRU:
        return self.get_submodule(self.architecture)

    def forward(self, frames: Tensor) -> Tensor:
        return self.run(frames)[0]

    def run(self, frames: Tensor, state=None):
        """Returns the outputs and the layers' state after the last frame, to go on from there:
        (h, c) of `nn.LSTM`, h of the others."""
        x = self.input_projection(frames) if self.configuration["projection_size"] else frames
        x, state = self.layers(x, state)
        return self.head(x), state
