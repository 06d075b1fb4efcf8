"""The golden files' models. A name says the sizes, the options everything else.

lstm|gru|min_gru|rnn-tanh|rnn-relu -h HIDDEN -l LAYERS,
silero -w WINDOW -h HIDDEN,
MASK -l LAYERS -h HEADS -d HEAD SIZE [-c CHUNK] -left LEFT CONTEXT
"""

import re
import zlib

import torch
from lockstep_reference import RecurrentModel, SileroVAD, StreamingTransformer
from min_gru import MinGRU
from torch import nn

FAR = 1_000_000_000  # a start position at which float32 phases would be useless
NAMES = ["c0", "c1", "c2", "c3", "c4", "c5"]  # of channels

# Options of the model: inputs, outputs; projection (recurrent models); feed_forward and whatever
# else StreamingTransformer takes. Options of the case: frames, start, dtype, front_end, channel_names,
# output (the output activation), alternatives (chunk size, left context).
CASES = {
    "lstm-h1-l1": dict(inputs=1, outputs=1),
    "lstm-h7-l1": dict(inputs=3, outputs=2),
    "lstm-h7-l3-projection": dict(inputs=4, projection=5, outputs=1),
    "lstm-h33-l2-sigmoid": dict(inputs=10, outputs=1, output="sigmoid"),
    "lstm-h33-l3-projection-softmax": dict(inputs=12, projection=20, outputs=7, output="softmax"),
    "lstm-h100-l1-projection": dict(inputs=10, projection=9, outputs=3, frames=100),
    "lstm-h100-l2-f16": dict(inputs=12, outputs=2, dtype=torch.float16),
    "lstm-h130-l1": dict(inputs=6, outputs=3, frames=120),
    "lstm-h24-l2-normaliser": dict(
        inputs=6,
        outputs=7,
        output="softmax",
        front_end="channel_normaliser",
        channel_names=NAMES,
    ),
    "lstm-h20-l1-log-mel": dict(
        inputs=40, projection=16, outputs=1, output="sigmoid", front_end="log_mel"
    ),
    "lstm-h16-l1-samples": dict(inputs=24, outputs=2, front_end="samples"),
    "gru-h1-l1": dict(inputs=1, outputs=1),
    "gru-h7-l3-projection": dict(inputs=4, projection=5, outputs=2),
    "gru-h33-l2-sigmoid": dict(inputs=10, outputs=1, output="sigmoid"),
    "gru-h100-l2-f16": dict(inputs=12, outputs=3, dtype=torch.float16),
    "gru-h130-l1-projection-softmax": dict(
        inputs=10, projection=9, outputs=7, frames=120, output="softmax"
    ),
    "gru-h20-l1-log-mel": dict(
        inputs=40, projection=16, outputs=1, output="sigmoid", front_end="log_mel"
    ),
    "min_gru-h1-l1": dict(inputs=1, outputs=1),
    "min_gru-h7-l3-projection": dict(inputs=4, projection=5, outputs=2),
    "min_gru-h33-l2-sigmoid": dict(inputs=10, outputs=1, output="sigmoid"),
    "min_gru-h100-l2-f16": dict(inputs=12, outputs=3, dtype=torch.float16),
    "min_gru-h130-l1-projection-softmax": dict(
        inputs=10, projection=9, outputs=7, frames=120, output="softmax"
    ),
    "min_gru-h20-l1-log-mel": dict(
        inputs=40, projection=16, outputs=1, output="sigmoid", front_end="log_mel"
    ),
    "rnn-tanh-h1-l1": dict(inputs=1, outputs=2),
    "rnn-tanh-h20-l2-normaliser": dict(
        inputs=6, outputs=7, output="softmax", front_end="channel_normaliser"
    ),
    "rnn-tanh-h100-l3-projection-sigmoid": dict(
        inputs=10, projection=9, outputs=3, frames=100, output="sigmoid"
    ),
    "rnn-relu-h7-l1": dict(inputs=3, outputs=2),
    "rnn-relu-h33-l3-projection-softmax": dict(
        inputs=12, projection=20, outputs=7, output="softmax"
    ),
    "rnn-relu-h130-l2": dict(inputs=6, outputs=3, frames=120),
    "silero-w16-h9-samples": dict(
        encoder=[11, 6, 5, 7], outputs=2, frames=70, front_end="samples", output="sigmoid"
    ),
    "silero-w8-h16": dict(encoder=[3, 4, 8, 16], outputs=1),
    "causal-l1-h1-d32-left0": dict(),
    "causal-l2-h3-d10-c3-left7": dict(frames=61),
    "causal-l4-h4-d2-c16-left20": dict(
        frames=90,
        feed_forward=24,
        activation="gelu_tanh",
        max_left_context=64,
        chunk_sizes=[1, 2, 16],
    ),
    "causal-l2-h4-d10-c4-left200": dict(
        frames=110, activation="gelu_tanh", rotary_base=500.0, norm_epsilon=1e-3
    ),
    "causal-l3-h3-d2-c1-left5-f16": dict(outputs=1, dtype=torch.float16),
    "causal-l2-h3-d10-c4-left30-far": dict(frames=70, start=FAR),
    "chunk-l1-h4-d2-c1-left5": dict(),
    "chunk-l2-h1-d32-c4-left8": dict(
        frames=70,
        max_left_context=100,
        chunk_sizes=[1, 3, 4, 16],
        alternatives=[(1, 0), (1, 8), (3, 8), (3, 100), (4, 0)]
        + [(4, 1), (4, 100), (16, 0), (16, 8), (16, 33)],
    ),
    "chunk-l3-h3-d10-c3-left10": dict(frames=50, activation="gelu_tanh", chunk_sizes=[3, 6]),
    "chunk-l4-h4-d10-c16-left17": dict(frames=103, max_left_context=40, chunk_sizes=[1, 4, 16]),
    "chunk-l1-h3-d32-c4-left0-sigmoid": dict(
        frames=43, feed_forward=70, activation="gelu_tanh", output="sigmoid"
    ),
    "chunk-l2-h4-d10-c4-left500-softmax": dict(
        frames=118, outputs=7, norm_epsilon=1e-6, output="softmax"
    ),
    "chunk-l1-h1-d6-c16-left3-short": dict(frames=5, outputs=1),
    "chunk-l2-h3-d10-c16-left24-far": dict(frames=75, start=FAR),
    "chunk-l2-h4-d10-c4-left12-bf16": dict(dtype=torch.bfloat16),
    "chunk-l2-h2-d6-c4-left16-normaliser": dict(
        outputs=7,
        max_left_context=64,
        output="softmax",
        front_end="channel_normaliser",
        channel_names=NAMES,
    ),
    "chunk-l2-h2-d10-c4-left16-log-mel": dict(
        inputs=40, outputs=1, output="sigmoid", front_end="log_mel"
    ),
    # One of each option of the Transformer, beside what it changes.
    "causal-l2-h2-d6-left9-sinusoidal-gelu": dict(positions="sinusoidal", activation="gelu"),
    "chunk-l2-h2-d6-c4-left8-sinusoidal-far": dict(positions="sinusoidal", start=FAR, frames=50),
    "causal-l2-h2-d6-left9-none-silu": dict(positions="none", activation="silu"),
    "causal-l2-h2-d6-c4-left9-rms": dict(norm="rms"),
    "causal-l2-h3-d4-left9-post-gelu": dict(
        norm_position="post", activation="gelu", positions="none"
    ),
    "chunk-l2-h3-d4-c3-left9-post-rms-final": dict(
        norm_position="post", norm="rms", final_norm=True
    ),
    "causal-l2-h3-d4-left9-pre-unfinished": dict(final_norm=False),
    "causal-l2-h6-d4-c2-left9-kv2": dict(key_value_head_count=2),
    "chunk-l1-h4-d6-c4-left9-kv1": dict(key_value_head_count=1, positions="none"),
    "causal-l2-h2-d6-c3-left7-sinks4": dict(sink_count=4, frames=70),
    "chunk-l2-h2-d6-c4-left8-sinks20": dict(sink_count=20, frames=90),
    "causal-l2-h4-d4-left11-kv2-sinks3-far": dict(
        sink_count=3, key_value_head_count=2, start=FAR + 7, frames=60
    ),
}


def make_model(
    name: str, inputs=6, outputs=2, projection=0, feed_forward=0, encoder=(), **options
):
    """The random model of that name; also seeds what is drawn after it."""
    torch.manual_seed(zlib.crc32(name.encode()))
    if sizes := re.match(r"(lstm|gru|min_gru|rnn)(?:-(tanh|relu))?-h(\d+)-l(\d+)", name):
        architecture, nonlinearity, hidden_size, layer_count = sizes.groups()
        model = RecurrentModel(
            architecture,
            inputs,
            projection,
            int(hidden_size),
            int(layer_count),
            outputs,
            nonlinearity,
        )
    elif sizes := re.match(r"silero-w(\d+)-h(\d+)", name):
        window, hidden_size = map(int, sizes.groups())
        model = SileroVAD(window // 4 * 9, window, encoder, hidden_size, outputs)
    else:
        sizes = re.match(r"(causal|chunk)-l(\d+)-h(\d+)-d(\d+)(?:-c(\d+))?-left(\d+)", name)
        mask, layers, heads, head_size, chunk, left = sizes.groups(default="1")
        model_size = int(heads) * int(head_size)
        model = StreamingTransformer(
            input_size=inputs,
            model_size=model_size,
            head_count=int(heads),
            feed_forward_size=feed_forward or 2 * model_size + 1,
            layer_count=int(layers),
            output_size=outputs,
            mask=mask,
            chunk_size=int(chunk),
            left_context=int(left),
            **options,
        )
    strengthen(model)
    return model


@torch.no_grad()
def strengthen(model):
    """Weights 2 to 4 times PyTorch's default, so that gates and softmax leave their linear range;
    norms that are not the identity, so that a forgotten gain or bias shows."""
    for module in model.modules():
        if isinstance(module, (nn.LayerNorm, nn.RMSNorm)):
            module.weight.normal_(1, 0.3)
            if isinstance(module, nn.LayerNorm):
                module.bias.normal_(0, 0.3)
        elif isinstance(module, nn.Linear):
            module.weight.mul_(2)
        elif isinstance(module, nn.Conv1d):
            module.weight.mul_(3)
        elif isinstance(module, (nn.RNNBase, MinGRU)):
            gated = not isinstance(module, (nn.RNN, MinGRU))  # with 4, unbounded states grow from layer to layer
            for name, parameter in module.named_parameters():
                parameter.mul_(4 if gated and name.startswith("weight_ih") else 2)
    if model.architecture in ("lstm", "gru", SileroVAD.architecture):
        model.head.weight.mul_(3)  # the state behind gates is small
