"""The formulas of the model file once more, frame by frame in numpy float64.

Nothing is shared with the PyTorch modules: no masks, no batches, no layers of nn. Slow, and there
to be compared with.
"""

import math
from functools import partial

import numpy


def outputs(architecture, configuration, tensors, frames, activation="none", **options):
    """[frames, output_size] of a model given by its configuration and its tensors (name: array).
    Options go to the transformer, or to the cell of a recurrent model."""
    t = {name: numpy.asarray(value, numpy.float64) for name, value in tensors.items()}
    x = numpy.asarray(frames, numpy.float64)
    if architecture == "streaming_transformer":
        y = transformer(configuration, t, x, **options)
    elif architecture == "silero_vad":
        y = silero_vad(configuration, t, x, **options)
    else:
        cell = {"lstm": lstm, "gru": gru, "min_gru": min_gru, "rnn": rnn}[architecture]
        y = recurrent(configuration, t, x, partial(cell, **options))
    if activation == "sigmoid":
        return 1 / (1 + numpy.exp(-y))
    if activation == "softmax":
        y = numpy.exp(y - y.max(axis=1, keepdims=True))
        return y / y.sum(axis=1, keepdims=True)
    return y


def linear(t, name, x):
    return t[name + ".weight"] @ x + t[name + ".bias"]


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def recurrent(c, t, frames, cell):
    """`cell(c, t, k, x, h, state)` computes layer k: the next h, and the next state behind it."""
    h, state = numpy.zeros((2, c["layer_count"], c["hidden_size"]))
    result = []
    for x in frames:
        if c["projection_size"]:
            x = linear(t, "input_projection", x)
        for k in range(c["layer_count"]):
            h[k], state[k] = cell(c, t, k, x, h[k], state[k])
            x = h[k]
        result.append(linear(t, "head", x))
    return numpy.array(result)


def lstm(c, t, k, x, h, state):
    gates = t[f"lstm.weight_ih_l{k}"] @ x + t[f"lstm.bias_ih_l{k}"]
    gates = gates + t[f"lstm.weight_hh_l{k}"] @ h + t[f"lstm.bias_hh_l{k}"]
    i, f, g, o = gates.reshape(4, -1)
    state = sigmoid(f) * state + sigmoid(i) * numpy.tanh(g)
    return sigmoid(o) * numpy.tanh(state), state


def silero_vad(c, t, frames, strides=(1, 2, 2, 1)):
    window = c["window_size"]
    n = numpy.arange(window)
    hann = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * n / window)
    turns = numpy.outer(numpy.arange(window // 2 + 1), n) / window
    transform = hann * numpy.exp(-2j * numpy.pi * turns)
    h, state = numpy.zeros((2, c["hidden_size"]))
    result = []
    for x in frames:
        x = numpy.concatenate([x, [x[len(x) - 2 - k] for k in range(window // 4)]])
        columns = []
        for start in range(0, len(x) - window + 1, window // 2):
            columns.append(numpy.abs(transform @ x[start : start + window]))
        for i, stride in enumerate(strides):
            weight, bias = t[f"encoder.{i}.weight"], t[f"encoder.{i}.bias"]
            sums = []
            for centre in range(0, len(columns), stride):
                y = bias
                for tap, column in enumerate(range(centre - 1, centre + 2)):
                    if 0 <= column < len(columns):
                        y = y + weight[:, :, tap] @ columns[column]
                sums.append(numpy.maximum(y, 0))
            columns = sums
        (x,) = columns
        h, state = lstm(c, t, 0, x, h, state)
        result.append(linear(t, "head", numpy.maximum(h, 0)))
    return numpy.array(result)


def gru(c, t, k, x, h, state, reset_first=False):
    """`reset_first` is the other GRU, whose reset gate acts on h and not on W_hn h + b_hn."""
    x_r, x_z, x_n = (t[f"gru.weight_ih_l{k}"] @ x + t[f"gru.bias_ih_l{k}"]).reshape(3, -1)
    h_r, h_z, h_n = (t[f"gru.weight_hh_l{k}"] @ h + t[f"gru.bias_hh_l{k}"]).reshape(3, -1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    if reset_first:
        last = slice(2 * len(h), None)
        h_n = t[f"gru.weight_hh_l{k}"][last] @ (r * h) + t[f"gru.bias_hh_l{k}"][last]
    else:
        h_n = r * h_n
    return (1 - z) * numpy.tanh(x_n + h_n) + z * h, state


def min_gru(c, t, k, x, h, state):
    z, n = (t[f"min_gru.weight_ih_l{k}"] @ x + t[f"min_gru.bias_ih_l{k}"]).reshape(2, -1)
    z = sigmoid(z)
    return (1 - z) * h + z * n, state


def rnn(c, t, k, x, h, state):
    y = t[f"rnn.weight_ih_l{k}"] @ x + t[f"rnn.bias_ih_l{k}"]
    y = y + t[f"rnn.weight_hh_l{k}"] @ h + t[f"rnn.bias_hh_l{k}"]
    return {"tanh": numpy.tanh(y), "relu": numpy.maximum(y, 0)}[c["nonlinearity"]], state


def keys(c, t, frames, chunk_size, left_context):
    """First and last frame that frame t sees beside the sinks, in a stream that begins at 0."""
    if c["mask"] == "causal":
        return max(0, t - left_context), t
    s = chunk_size * (t // chunk_size)
    return max(0, s - left_context), min(s + chunk_size, frames) - 1


def norm(t, name, x, c):
    epsilon = c["norm_epsilon"]
    if c.get("norm") == "rms":
        return x / numpy.sqrt((x * x).mean() + epsilon) * t[name + ".weight"]
    x = x - x.mean()
    return x / numpy.sqrt((x * x).mean() + epsilon) * t[name + ".weight"] + t[name + ".bias"]


def rotate(x, position, base):
    half = len(x) // 2
    y = numpy.empty_like(x)
    for i in range(half):
        angle = float(position) * base ** (-2 * i / len(x))
        a, b = x[i], x[i + half]
        y[i] = a * numpy.cos(angle) - b * numpy.sin(angle)
        y[i + half] = b * numpy.cos(angle) + a * numpy.sin(angle)
    return y


def activated(x, kind):
    if kind == "relu":
        return numpy.maximum(x, 0)
    if kind == "silu":
        return x * sigmoid(x)
    if kind == "gelu":
        return numpy.array([0.5 * v * math.erfc(-v / math.sqrt(2)) for v in x])
    return 0.5 * x * (1 + numpy.tanh(numpy.sqrt(2 / numpy.pi) * (x + 0.044715 * x**3)))


def transformer(c, t, frames, start=0, chunk_size=None, left_context=None, present=None):
    """`start` must be a multiple of the chunk size, `present` as in the reference."""
    chunk_size = c["chunk_size"] if chunk_size is None else chunk_size
    left_context = c["left_context"] if left_context is None else left_context
    count, size = len(frames), c["model_size"] // c["head_count"]
    positions, post = c.get("positions", "rotary"), c.get("norm_position") == "post"
    group = c["head_count"] // c.get("key_value_head_count", c["head_count"])
    x = [linear(t, "input_projection", frame) for frame in frames]
    if positions == "sinusoidal":
        x = [y + sinusoids(start + n, len(y)) for n, y in enumerate(x)]

    def turned(y, position):
        return rotate(y, position, c["rotary_base"]) if positions == "rotary" else y

    for layer in range(c["layer_count"]):
        p = f"layers.{layer}."
        normed = x if post else [norm(t, p + "attention_norm", v, c) for v in x]
        q, k, v = ([linear(t, f"{p}attention.{n}", y) for y in normed]
                   for n in ("query", "key", "value"))  # fmt: skip
        x = list(x)
        for now in range(count):
            first, last = keys(c, now, count, chunk_size, left_context)
            seen = [*range(min(first, c.get("sink_count", 0))), *range(first, last + 1)]
            seen = [j for j in seen if present is None or present[j] or j == now]
            mixed = []
            for head in range(c["head_count"]):
                query = turned(q[now][head * size : (head + 1) * size], start + now)
                part = slice(head // group * size, (head // group + 1) * size)
                scores = numpy.array([query @ turned(k[j][part], start + j) for j in seen])
                weights = numpy.exp(scores / numpy.sqrt(size))
                mixed.append(sum(w * v[j][part] for w, j in zip(weights, seen)) / weights.sum())
            x[now] = x[now] + linear(t, p + "attention.output", numpy.concatenate(mixed))
            if post:
                y = x[now] = norm(t, p + "attention_norm", x[now], c)
            else:
                y = norm(t, p + "feed_forward_norm", x[now], c)
            y = activated(linear(t, p + "feed_forward.up", y), c["activation"])
            x[now] = x[now] + linear(t, p + "feed_forward.down", y)
            if post:
                x[now] = norm(t, p + "feed_forward_norm", x[now], c)
    if c.get("final_norm", not post):
        x = [norm(t, "norm", y, c) for y in x]
    return numpy.array([linear(t, "head", y) for y in x])


def sinusoids(position, size):
    y = numpy.empty(size)
    for i in range(size // 2):
        angle = float(position) * 10000.0 ** (-2 * i / size)
        y[2 * i], y[2 * i + 1] = numpy.sin(angle), numpy.cos(angle)
    return y


def log_mel(samples, sample_rate, channels, window, hop, mel_bands, low_hz, high_hz):
    """Kaldi's log-mel bands, [frames, mel_bands], of samples in -1 ... 1."""
    samples = numpy.asarray(samples, numpy.float64) * 32768
    size = 1 << (window - 1).bit_length()
    hann = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(window) / (window - 1))

    def mel(hz):
        return 1127 * numpy.log(1 + hz / 700)

    bin_mel = mel(numpy.arange(size // 2) * sample_rate / size)
    corners = numpy.linspace(mel(low_hz), mel(high_hz), mel_bands + 2)
    bank = numpy.array([
        numpy.clip(numpy.minimum((bin_mel - a) / (b - a), (d - bin_mel) / (d - b)), 0, None)
        for a, b, d in zip(corners, corners[1:], corners[2:])
    ])  # fmt: skip
    rows = []
    for begin in range(0, len(samples) - window + 1, hop):
        x = samples[begin : begin + window]
        x = x - x.mean()
        x = (x - 0.97 * numpy.concatenate([x[:1], x[:-1]])) * hann**0.85
        power = numpy.abs(numpy.fft.rfft(x, size))[: size // 2] ** 2
        rows.append(numpy.log(numpy.maximum(bank @ power, 2.0**-23)))
    return numpy.array(rows)
