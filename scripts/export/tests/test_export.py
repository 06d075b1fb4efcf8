"""What the exporter writes computes the same; what it cannot write is refused by name.

  LOCKSTEP=path/to/lockstep python -m unittest discover -s scripts/export/tests -t scripts/export
"""

import json
import tempfile
import unittest
from pathlib import Path

import torch
from torch import nn

from lockstep_export import (
    ExportRefused,
    channel_normaliser,
    export_recurrent,
    export_state_dict,
    export_transformer,
    log_mel,
    no_front_end,
)


class Net(nn.Module):
    def __init__(self, kind=nn.LSTM, inputs=6, hidden=10, projection=0, **options):
        super().__init__()
        if projection:
            self.before = nn.Linear(inputs, projection)
        self.layers = kind(projection or inputs, hidden, **options)
        hidden *= 2 if options.get("bidirectional") else 1
        self.head = nn.Linear(options.get("proj_size") or hidden, 2)

    def forward(self, x):
        x = self.before(x) if hasattr(self, "before") else x
        return self.head(self.layers(x)[0])


class Encoder(nn.Module):
    """A stock encoder with a causal mask; with `positions` the table that tutorials have."""

    def __init__(self, positions=False, final=False, layer=None, size=12, **options):
        super().__init__()
        options = dict(dim_feedforward=20, batch_first=True) | options
        self.embed = nn.Linear(6, size)
        layer = layer or nn.TransformerEncoderLayer(size, 3, **options)
        self.encoder = nn.TransformerEncoder(
            layer, 2, norm=nn.LayerNorm(size) if final else None, enable_nested_tensor=False
        )
        self.head = nn.Linear(size, 3)
        if positions:
            at = torch.arange(500)[:, None] * torch.exp(
                torch.arange(0, size, 2) * (-torch.log(torch.tensor(10000.0)) / size)
            )
            table = torch.zeros(500, size)
            table[:, 0::2], table[:, 1::2] = at.sin(), at.cos()
            self.register_buffer("table", table)

    def forward(self, x):
        count = x.shape[1]
        x = self.embed(x)
        x = x + self.table[:count] if hasattr(self, "table") else x
        mask = nn.Transformer.generate_square_subsequent_mask(count)
        return self.head(self.encoder(x, mask=mask, is_causal=True))


class ExportTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(5)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "net.safetensors"

    def refused(self, sentence, call, *arguments, **options):
        with self.assertRaisesRegex(ExportRefused, sentence):
            call(self.path, *arguments, **options)
        self.assertEqual(list(self.path.parent.iterdir()), [], "nothing may be left behind")

    def metadata(self):
        data = self.path.read_bytes()
        size = int.from_bytes(data[:8], "little")
        return json.loads(data[8 : 8 + size])["__metadata__"]


def recurrent(net, **options):
    common = dict(layers=net.layers, head=net.head, front_end=no_front_end(50, 6), labels=["a", "b"])
    return common | options


class RecurrentTest(ExportTest):
    def test_every_kind(self):
        for kind, options in (
            (nn.LSTM, dict(num_layers=2)),
            (nn.LSTM, dict(batch_first=True, projection=4)),
            (nn.LSTM, dict(bias=False, dropout=0.3, num_layers=2)),
            (nn.GRU, dict(num_layers=2, batch_first=True)),
            (nn.RNN, dict(num_layers=2)),
            (nn.RNN, dict(nonlinearity="relu", batch_first=True)),
        ):
            net = Net(kind, **options).eval()
            projection = getattr(net, "before", None)
            report = export_recurrent(
                self.path, net, **recurrent(net, projection=projection, activation="softmax")
            )
            self.assertIn("200 frames of 2 outputs: largest difference ", str(report))
            self.path.unlink()

    def test_the_file_says_what_was_given(self):
        net = Net(nn.GRU).eval()
        front = channel_normaliser(
            50, torch.zeros(6), torch.ones(6), channel_names=list("abcdef")
        )
        golden = self.path.parent / "kept.safetensors"
        export_recurrent(
            self.path, net, **recurrent(net, front_end=front, activation="sigmoid"),
            provenance={"seed": 5}, golden=golden,
        )  # fmt: skip
        found = self.metadata()
        self.assertEqual(found["architecture"], "gru")
        self.assertEqual(json.loads(found["front_end"])["channel_names"], list("abcdef"))
        self.assertEqual(json.loads(found["outputs"]), {"activation": "sigmoid", "labels": ["a", "b"]})
        self.assertEqual(json.loads(found["provenance"]), {"seed": 5})
        self.assertTrue(golden.exists())

    def test_a_model_of_tokens(self):
        net = Net().eval()
        export_recurrent(self.path, net, **recurrent(net, activation="softmax"), blank="a")
        self.assertEqual(
            json.loads(self.metadata()["outputs"]),
            {"activation": "softmax", "labels": ["a", "b"], "kind": "ctc", "blank": "a"},
        )
        self.path.unlink()
        for sentence, options in (
            ("blank is c, expected one of the labels", dict(blank="c", activation="softmax")),
            ("activation is none, expected softmax where there is a blank", dict(blank="a")),
        ):
            self.refused(sentence, export_recurrent, net, **recurrent(net, **options))

    def test_a_spliced_log_mel(self):
        net = Net(nn.LSTM, inputs=40 * 3).eval()
        front = log_mel(
            16000, window=400, hop=160, mel_bands=40, low_hz=20, high_hz=3800, splice=(1, 1),
            window_type="hann",
        )  # fmt: skip
        export_recurrent(self.path, net, **recurrent(net, front_end=front))

    def test_what_it_cannot_write(self):
        def case(sentence, net, **options):
            self.refused(sentence, export_recurrent, net, **recurrent(net, **options))

        case("layers is bidirectional: its backward half", Net(bidirectional=True).eval())
        case("layers.proj_size is 3, expected 0", Net(proj_size=3).eval())
        case(
            r"layers is in training mode with dropout 0.2: expected module.eval\(\)",
            Net(num_layers=2, dropout=0.2),
        )
        net = Net().eval()
        case("head is a Linear, expected nn.LSTM, nn.GRU or nn.RNN", net, layers=net.head)
        self.refused(
            "head is a LSTM, expected an nn.Linear",
            export_recurrent, None, **recurrent(net, head=net.layers),
        )  # fmt: skip
        case("labels has 1 entries, expected 2", net, labels=["a"])
        case("the front end gives 5 values a frame, expected the 6", net, front_end=no_front_end(50, 5))
        case("activation is tanh, expected none, sigmoid or softmax", net, activation="tanh")
        case(r"frames is \[4, 5\], expected \[frames, 6\]", net, frames=torch.zeros(4, 5))

    def test_what_is_left_over(self):
        net = Net().eval()
        net.gain = nn.Parameter(torch.ones(3))
        self.refused(r"gain \[3\] is left over", export_recurrent, net, **recurrent(net))
        export_recurrent(self.path, net, **recurrent(net, ignore=["gain"]))
        self.path.unlink()
        net = Net(projection=4).eval()
        self.refused(
            r"before is a Linear, which is none of the parts that were given \(layers, head\)",
            export_recurrent, net, **recurrent(net),
        )  # fmt: skip
        net = Net().eval()
        net.act = nn.ReLU()
        self.refused("act is a ReLU", export_recurrent, net, **recurrent(net))

    def test_a_module_that_computes_something_else(self):
        net = Net().eval()

        def other(x):
            return net(x) * 1.01

        self.refused(
            "do not agree, so .*net.safetensors was not written: Error: .* differs from .* by",
            export_recurrent, net, **recurrent(net, run=other),
        )  # fmt: skip

    def test_values_that_are_no_numbers(self):
        net = Net().eval()
        with torch.no_grad():
            net.head.bias[0] = float("inf")
        self.refused("head.bias has a value that is not finite", export_recurrent, net, **recurrent(net))

    def test_a_missing_command(self):
        net = Net().eval()
        self.refused(
            "lockstep is /nowhere/lockstep, expected a program",
            export_recurrent, net, **recurrent(net, lockstep="/nowhere/lockstep"),
        )  # fmt: skip


def transformer(net, **options):
    common = dict(
        encoder=net.encoder, head=net.head, projection=net.embed, left_context=300,
        front_end=no_front_end(50, 6), labels=["a", "b", "c"],
    )  # fmt: skip
    return common | options


class TransformerTest(ExportTest):
    def test_stock_encoders(self):
        for options in (
            dict(),
            dict(norm_first=True, final=True),
            dict(norm_first=True),
            dict(final=True, activation="gelu"),
            dict(activation=nn.GELU(approximate="tanh")),
            dict(activation=nn.SiLU(), bias=False),
            dict(layer_norm_eps=1e-3, dropout=0.5),
        ):
            net = Encoder(**options).eval()
            report = export_transformer(self.path, net, **transformer(net))
            self.assertIn("200 frames of 3 outputs: largest difference ", str(report))
            self.path.unlink()

    def test_sinusoidal_positions(self):
        net = Encoder(positions=True).eval()
        self.refused(r"table \[500, 12\] is left over", export_transformer, net, **transformer(net))
        self.refused(
            "do not agree", export_transformer, net, **transformer(net, ignore=["table"])
        )
        export_transformer(
            self.path, net, **transformer(net, ignore=["table"], positions="sinusoidal")
        )

    def test_parts_alone_in_both_masks(self):
        net = Encoder().eval()
        frames = torch.randn(150, 6)
        for mask in ("causal", "chunk"):
            export_transformer(
                self.path, None,
                **transformer(net, mask=mask, chunk_size=4, left_context=16, frames=frames),
            )  # fmt: skip
            self.path.unlink()

    def test_a_window_that_the_module_does_not_have(self):
        net = Encoder().eval()
        # Up to left_context + 1 frames both are the same, and more are not compared unless given.
        export_transformer(self.path, net, **transformer(net, left_context=20))
        self.path.unlink()
        self.refused(
            "do not agree", export_transformer, net,
            **transformer(net, left_context=20, frames=torch.randn(60, 6)),
        )  # fmt: skip

    def test_what_it_cannot_write(self):
        def case(sentence, net, **options):
            self.refused(sentence, export_transformer, net, **transformer(net, **options))

        case("encoder.layers.0.activation is tanh, expected relu", Encoder(activation=torch.tanh).eval())
        case("in training mode with dropout 0.1", Encoder())
        odd = nn.TransformerEncoderLayer(9, 3, batch_first=True)
        case("self_attn has heads of 3, expected an even size", Encoder(layer=odd, size=9).eval())
        net = Encoder().eval()
        net.encoder.layers[1].norm_first = True
        case("encoder.layers.1 has norm_position pre, expected the post of layer 0", net)
        net = Encoder().eval()
        net.encoder.layers[0].norm2 = nn.BatchNorm1d(12).eval()
        case("encoder.layers.0.norm2 is a BatchNorm1d, expected nn.LayerNorm", net)
        case("positions is learned, expected none or sinusoidal", Encoder().eval(), positions="learned")


class StateDictTest(ExportTest):
    configuration = dict(
        input_size=6, projection_size=0, hidden_size=10, layer_count=1, output_size=2
    )

    def given(self, net, **options):
        names = {f"lstm.{key}": f"layers.{key}" for key in dict(net.layers.named_parameters())}
        common = dict(
            architecture="lstm", configuration=self.configuration, names=names,
            front_end=no_front_end(50, 6), labels=["a", "b"], run=net,
        )  # fmt: skip
        return common | options

    def test_a_map_of_names(self):
        net = Net().eval()
        export_state_dict(self.path, net.state_dict(), **self.given(net))

    def test_what_does_not_fit(self):
        net = Net().eval()
        state = net.state_dict()

        def case(sentence, state, **options):
            self.refused(sentence, export_state_dict, state, **self.given(net, **options))

        without = {key: value for key, value in state.items() if key != "head.bias"}
        case(r"head.bias \[2\] is missing: the state has no head.bias", without)
        case(r"more \[1\] is left over", state | {"more": torch.zeros(1)})
        case(
            r"head.weight is \[10, 2\], expected \[2, 10\] for head.weight: it looks transposed",
            state | {"head.weight": state["head.weight"].T},
        )
        case("names has lstm.extra, which is no tensor of lstm", state, names={"lstm.extra": "a"})
        case("architecture is cnn, expected lstm", state, architecture="cnn", names={})
        swapped = state["layers.weight_hh_l0"].roll(10, 0)
        case("do not agree", state | {"layers.weight_hh_l0": swapped})

    def test_rows_of_a_joined_tensor(self):
        torch.manual_seed(1)
        layer = nn.TransformerEncoderLayer(12, 3, 20, batch_first=True, norm_first=True)
        net = Encoder(layer=layer, final=True).eval()
        names = {"input_projection.weight": "embed.weight", "input_projection.bias": "embed.bias"}
        names |= {"norm.weight": "encoder.norm.weight", "norm.bias": "encoder.norm.bias"}
        for k in range(2):
            ours, theirs = f"layers.{k}", f"encoder.layers.{k}"
            for kind in ("weight", "bias"):
                for n, part in enumerate(("query", "key", "value")):
                    names[f"{ours}.attention.{part}.{kind}"] = (
                        f"{theirs}.self_attn.in_proj_{kind}", 12 * n, 12 * n + 12,
                    )  # fmt: skip
                names |= {
                    f"{ours}.attention.output.{kind}": f"{theirs}.self_attn.out_proj.{kind}",
                    f"{ours}.attention_norm.{kind}": f"{theirs}.norm1.{kind}",
                    f"{ours}.feed_forward_norm.{kind}": f"{theirs}.norm2.{kind}",
                    f"{ours}.feed_forward.up.{kind}": f"{theirs}.linear1.{kind}",
                    f"{ours}.feed_forward.down.{kind}": f"{theirs}.linear2.{kind}",
                }
        export_state_dict(
            self.path, net.state_dict(), architecture="streaming_transformer",
            configuration=dict(
                input_size=6, model_size=12, head_count=3, feed_forward_size=20, layer_count=2,
                output_size=3, mask="causal", chunk_size=1, left_context=300, max_left_context=300,
                activation="relu", norm_epsilon=1e-5, positions="none",
            ),
            names=names, front_end=no_front_end(50, 6), labels=["a", "b", "c"],
            run=lambda x: net(x[None])[0],
        )  # fmt: skip


if __name__ == "__main__":
    unittest.main()
