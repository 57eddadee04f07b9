"""The two networks of README.md, "Networks", in single precision: one network after the other, since BLAS fills its thread with each."""

import numpy as np

HEADS = 4
LEAST_VARIANCE = 1e-5
RATE, FIRST, SECOND, LEAST = 0.004, 0.9, 0.99, 1e-8


def perceptron(shape, seed):
    rng = np.random.default_rng(seed)
    inputs, width, batch, networks = (shape[name] for name in ("inputs", "width", "batch", "networks"))
    x = np.maximum(0, 5 * rng.random((networks, batch, inputs)) - 4).astype(np.float32)
    y = np.eye(10, dtype=np.float32)[rng.integers(0, 10, (networks, batch))]
    sizes = [(inputs, width, inputs), (1, width, inputs), (width, 10, width), (1, 10, width)]
    weights = [
        [((2 * rng.random((rows, columns)) - 1) / fan**0.5).astype(np.float32) for rows, columns, fan in sizes]
        for _ in range(networks)
    ]
    start = [w.copy() for w in weights[0]]

    def run(_):
        for _ in range(shape["steps"]):
            for own, images, labels in zip(weights, x, y):
                for w, g in zip(own, perceptron_gradient(own, images, labels)):
                    w -= np.float32(0.1) * g

    def check():
        double = [w.astype(np.float64) for w in start]
        right = perceptron_gradient(double, x[0].astype(np.float64), y[0].astype(np.float64))
        return {"check": distance(right, perceptron_gradient(start, x[0], y[0]))}

    return run, check


def perceptron_gradient(weights, x, y):
    """Of the mean of (f - y)^2 over the batch and the outputs."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(0, x @ w1 + b1)
    delta = (hidden @ w2 + b2 - y) * x.dtype.type(2 / (10 * len(x)))
    back = (delta @ w2.T) * (hidden > 0)
    return [x.T @ back, back.sum(0, keepdims=True), hidden.T @ delta, delta.sum(0, keepdims=True)]


def encoder(shape, seed):
    rng = np.random.default_rng(seed)
    positions, symbols, width, hidden, answers, batch, networks = (
        shape[name] for name in ("positions", "symbols", "width", "hidden", "answers", "batch", "networks")
    )
    rows = np.arange(positions) * symbols + rng.integers(0, symbols, (networks, batch, positions))
    labels = rng.integers(0, answers, (networks, batch))
    table = positions * symbols
    sizes = [
        (table, HEADS, 0.5), (table, width, 1), (width, hidden, width**-0.5), (1, hidden, 0),
        (hidden, width, hidden**-0.5), (1, width, 0), (width, answers, width**-0.5), (1, answers, 0),
    ]  # fmt: skip
    states = []
    for _ in range(networks):
        weights = [(deviation * rng.standard_normal((a, b))).astype(np.float32) for a, b, deviation in sizes]
        states.append((weights, [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]))
    start = [w.copy() for w in states[0][0]]
    made = [0]

    def run(_):
        for _ in range(shape["steps"]):
            made[0] += 1
            c1, c2 = (np.float32(1 / (1 - beta ** made[0])) for beta in (FIRST, SECOND))
            for (weights, first, second), at, answer in zip(states, rows, labels):
                for w, m, v, g in zip(weights, first, second, encoder_gradient(weights, at, answer)):
                    m += np.float32(1 - FIRST) * (g - m)
                    v += np.float32(1 - SECOND) * (g * g - v)
                    w -= np.float32(RATE) * c1 * m / (np.sqrt(c2 * v) + np.float32(LEAST))

    def check():
        right = encoder_gradient([w.astype(np.float64) for w in start], rows[0], labels[0])
        return {"check": distance(right, encoder_gradient(start, rows[0], labels[0]))}

    return run, check


def encoder_gradient(weights, rows, labels):
    """Of the mean cross-entropy; keys and values are looked up in a table, as in our own kernels."""
    scores, values, w1, b1, w2, b2, w3, b3 = weights
    batch, positions = rows.shape
    width = values.shape[1]
    share = softmax(scores[rows], 1)
    read = values[rows].reshape(batch, positions, HEADS, width // HEADS)
    x = np.einsum("bph,bphc->bhc", share, read).reshape(batch, width)
    u, u_inverse = normed(x)
    hidden = np.maximum(0, u @ w1 + b1)
    out, out_inverse = normed(x + hidden @ w2 + b2)
    delta = softmax(out @ w3 + b3, 1)
    delta[np.arange(batch), labels] -= 1
    delta /= batch
    d_out = through_norm(out, out_inverse, delta @ w3.T)
    d_hidden = (d_out @ w2.T) * (hidden > 0)
    dx = (d_out + through_norm(u, u_inverse, d_hidden @ w1.T)).reshape(batch, 1, HEADS, width // HEADS)
    pull = (dx * read).sum(3)
    d_scores = share * (pull - (share * pull).sum(1, keepdims=True))
    spread = (share[..., None] * dx).reshape(batch * positions, width)
    flat = rows.reshape(-1)
    return [
        added(flat, d_scores.reshape(batch * positions, HEADS), scores), added(flat, spread, values),
        u.T @ d_hidden, d_hidden.sum(0, keepdims=True), hidden.T @ d_out, d_out.sum(0, keepdims=True),
        out.T @ delta, delta.sum(0, keepdims=True),
    ]  # fmt: skip


def added(rows, parts, table):
    """The parts of each row of the table added up: sorted first, which is faster than np.add.at."""
    order = np.argsort(rows, kind="stable")
    found, first = np.unique(rows[order], return_index=True)
    sums = np.zeros_like(table)
    sums[found] = np.add.reduceat(parts[order], first, axis=0)
    return sums


def softmax(scores, axis):
    powers = np.exp(scores - scores.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def normed(x):
    off = x - x.mean(1, keepdims=True)
    inverse = 1 / np.sqrt((off * off).mean(1, keepdims=True) + x.dtype.type(LEAST_VARIANCE))
    return off * inverse, inverse


def through_norm(y, inverse, gradient):
    return inverse * (gradient - gradient.mean(1, keepdims=True) - y * (gradient * y).mean(1, keepdims=True))


def distance(right, found):
    off = sum(((a - b) ** 2).sum() for a, b in zip(right, found))
    return float((off / sum((a**2).sum() for a in right)) ** 0.5)
