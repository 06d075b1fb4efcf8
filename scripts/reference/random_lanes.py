"""Random lanes for scripts/same-bytes: a dictionary of plain values each, and the model files that they mean."""

import torch
from golden_cases import strengthen
from lockstep_reference import (
    ChannelNormaliser,
    Direct,
    LogMel,
    RecurrentModel,
    Samples,
    SileroVAD,
    StreamingTransformer,
    export,
)

SENSOR_RATE = 100
SENSOR_CHANNELS = 3


def random_lane(chance, is_sound):
    """What a lane is made of; every value may be replaced by a simpler one of `simpler_lanes`."""
    family = chance.choice(["lstm", "gru", "min_gru", "rnn", "transformer", "transformer", "transformer"])
    if is_sound and chance.random() < 0.1:
        family = "silero"
    front_end = chance.choice(["log_mel", "samples"] if is_sound else ["none", "channel_normaliser"])
    lane = dict(
        family=family,
        front_end="samples" if family == "silero" else front_end,
        seed=chance.randrange(1 << 30),
        outputs=chance.choice([1, 1, 2, 5, 17]),
        activation=chance.choice(["none", "sigmoid", "softmax"]),
        precision=chance.choice(["f32", "f32", "bf16", "int8"]),
        tokens=False,
        beam=1,
    )
    if family == "silero":
        lane |= dict(hidden=chance.choice([1, 9, 32]))
    elif family == "transformer":
        lane |= random_transformer(chance)
    else:
        lane |= dict(
            layers=chance.choice([1, 2, 3]),
            hidden=chance.choice([1, 7, 16, 33, 64, 130]),
            projection=chance.choice([0, 0, 5, 32]),
            nonlinearity=chance.choice(["tanh", "relu"]) if family == "rnn" else None,
        )
    if lane["outputs"] > 1 and chance.random() < 0.4:
        lane |= dict(activation="softmax", tokens=True, beam=chance.choice([1, 1, 2, 8, 64]))
    return lane


def random_transformer(chance):
    heads = chance.choice([1, 2, 3, 4, 6])
    left = chance.choice([0, 1, 5, 16, 17, 60, 130])
    return dict(
        layers=chance.choice([1, 2, 3]),
        heads=heads,
        head_size=chance.choice([2, 6, 10, 16, 32]),
        feed_forward=chance.choice([1, 20, 64, 130]),
        mask=chance.choice(["causal", "chunk"]),
        chunk=chance.choice([1, 1, 2, 3, 4, 7, 16, 32]),
        left=left,
        kv=chance.choice(["f32", "f32", "bf16"]),
        function=chance.choice(["relu", "gelu_tanh", "gelu", "silu"]),
        positions=chance.choice(["rotary", "rotary", "sinusoidal", "none"]),
        norm=chance.choice(["layer", "rms"]),
        norm_position=chance.choice(["pre", "pre", "post"]),
        final_norm=chance.choice([None, True, False]),
        kv_heads=chance.choice([heads, 1]),
        sinks=chance.choice([0, 0, 1, 4, 20]),
        by_options=chance.random() < 0.5,
    )


SIMPLE = dict(
    outputs=[1, 2], activation=["none"], precision=["f32"], tokens=[False], beam=[1], layers=[1], hidden=[1, 7, 16],
    projection=[0], heads=[1], head_size=[2, 10], feed_forward=[1, 20], chunk=[1, 2], left=[0, 5], kv=["f32"],
    function=["relu"], positions=["none", "rotary"], norm=["layer"], norm_position=["pre"], final_norm=[None],
    kv_heads=[1], sinks=[0], by_options=[False], nonlinearity=["tanh"], front_end=["none", "samples"],
)


def simpler_lanes(lane):
    """Lanes with one value made simpler."""
    for key, values in SIMPLE.items():
        for value in values:
            if lane.get(key) is None or lane[key] in values[: values.index(value) + 1]:
                continue
            simpler = {**lane, key: value}
            is_sound = lane["front_end"] in ("log_mel", "samples")
            if key == "front_end" and (value == "samples") != is_sound:
                continue
            if key == "outputs" and value == 1:
                simpler |= dict(tokens=False, beam=1)
            if key == "activation":
                simpler |= dict(tokens=False, beam=1)
            if key == "heads":
                simpler["kv_heads"] = 1
            yield simpler


def front_end(lane):
    """The front end and the size of its frames."""
    kind = lane["front_end"]
    if kind == "log_mel":
        bands = 40
        return LogMel(mean=torch.randn(bands) * 2 - 8, std=1 + torch.rand(bands) * 3), bands
    if kind == "samples":
        # As Silero VAD has it: a ninth is context.
        return Samples(16000, 1, hop=160, context=20), 180
    if kind == "none":
        return Direct(SENSOR_RATE, SENSOR_CHANNELS), SENSOR_CHANNELS
    mean, std = torch.randn(SENSOR_CHANNELS), 0.5 + torch.rand(SENSOR_CHANNELS)
    return ChannelNormaliser(SENSOR_RATE, SENSOR_CHANNELS, mean, std), SENSOR_CHANNELS


def write_model(path, lane, chunk=None, left=None):
    """Writes a lane's model, with other defaults of chunk and left context than its own."""
    torch.manual_seed(lane["seed"])
    front, inputs = front_end(lane)
    if lane["family"] == "silero":
        model = SileroVAD(inputs, inputs // 9 * 4, [11, 6, 5, lane["hidden"]], lane["hidden"], lane["outputs"])
    elif lane["family"] == "transformer":
        model = StreamingTransformer(
            input_size=inputs,
            model_size=lane["heads"] * lane["head_size"],
            head_count=lane["heads"],
            feed_forward_size=lane["feed_forward"],
            layer_count=lane["layers"],
            output_size=lane["outputs"],
            mask=lane["mask"],
            chunk_size=lane["chunk"] if chunk is None else chunk,
            left_context=lane["left"] if left is None else left,
            activation=lane["function"],
            max_left_context=200,
            chunk_sizes=[1, 2, 3, 4, 7, 16, 32],
            positions=lane["positions"],
            norm=lane["norm"],
            norm_position=lane["norm_position"],
            final_norm=lane["final_norm"],
            key_value_head_count=lane["kv_heads"],
            sink_count=lane["sinks"],
        )
    else:
        model = RecurrentModel(
            lane["family"], inputs, lane["projection"], lane["hidden"], lane["layers"], lane["outputs"],
            lane["nonlinearity"],
        )
    strengthen(model)
    labels = [f"label {index}" for index in range(lane["outputs"])]
    export(path, model, front, labels, lane["activation"], blank=labels[0] if lane["tokens"] else None)
