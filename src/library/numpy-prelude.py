"""TITLE

Draws trials of this cell from the definition, in NumPy alone: python3 this.py [trials].
LITERALLY
"""

import sys

import numpy as np

SEED = 0
RECORDED = None

DESIGN, NOISE, TRUTH, TOKEN = 0, 1, 2, 5  # what a random number is for


def threefry(counter, key):
    """Threefry4x32-20 (Salmon et al., SC'11) of arrays of counters; the four words of each."""
    mask = np.uint64(0xFFFFFFFF)
    key = [np.uint64(k) for k in key]
    key.append(np.uint64(0x1BD11BDA) ^ key[0] ^ key[1] ^ key[2] ^ key[3])
    x = [(c.astype(np.uint64) + k) & mask for c, k in zip(np.broadcast_arrays(*counter), key)]
    turns = [(10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20)]
    for r in range(20):
        for (a, b), turn in zip([(0, 1), (2, 3)] if r % 2 == 0 else [(0, 3), (2, 1)], turns[r % 8]):
            x[a] = (x[a] + x[b]) & mask
            x[b] = ((x[b] << np.uint64(turn)) | (x[b] >> np.uint64(32 - turn))) & mask ^ x[a]
        if r % 4 == 3:
            n = r // 4 + 1
            x = [(x[i] + key[(n + i) % 5] + np.uint64(n if i == 3 else 0)) & mask for i in range(4)]
    return x


def key(unit, generation):
    """Seed, hash of what the data are called (FNV-1a and a mixing step), generation."""
    h = 0x811C9DC5
    for c in unit.encode():
        h = (h ^ c) * 0x01000193 & 0xFFFFFFFF
    h = (h ^ h >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return SEED & 0xFFFFFFFF, SEED >> 32, h ^ h >> 16, generation


def box_muller(radius, angle):
    """Two normals of two words: a radius of 24 leading bits, a quadrant and 24 bits of an angle in it."""
    bits = np.floor(np.log2(np.maximum(radius, np.uint64(1)).astype(float))).astype(np.uint64)  # below 2^32: exact
    drop = np.maximum(bits, np.uint64(23)) - np.uint64(23)
    leading = np.maximum((radius >> drop << drop).astype(float), 0.5)
    r = np.sqrt(-2 * np.log(leading / 2**32))
    part = ((angle >> np.uint64(6)) & np.uint64(0xFFFFFF)).astype(float)
    phi = np.pi / 2 * ((angle >> np.uint64(30)).astype(float) + (part - 2**23 + 0.5) / 2**24)
    return r * np.cos(phi), r * np.sin(phi)


def words(stream, trial, row, column, purpose):
    return threefry([np.uint64(trial), row, column, np.uint64(purpose)], stream)


def normals(stream, trial, rows, columns, purpose=DESIGN, first=0):
    """Standard normals, rows x columns: four neighbouring columns are one counter."""
    block = np.arange((columns + 3) // 4, dtype=np.uint64)[None, :]
    z, some = np.empty((rows, columns)), max(1, 2**18 // columns)  # so many rows at a time, to save memory
    for begin in range(0, rows, some):
        end = min(rows, begin + some)
        row = np.arange(first + begin, first + end, dtype=np.uint64)[:, None]
        x = words(stream, trial, row, block, purpose)
        fours = np.stack([*box_muller(x[0], x[1]), *box_muller(x[2], x[3])], axis=-1)
        z[begin:end] = fours.reshape(end - begin, -1)[:, :columns]
    return z


def errors(stream, trial, first, rows):
    """Standard normals of labels first, ..., first + rows - 1: four neighbouring rows are one counter."""
    begin, end = first // 4, (first + rows + 3) // 4
    x = words(stream, trial, np.arange(begin, end, dtype=np.uint64), np.uint64(0), NOISE)
    z = np.stack([*box_muller(x[0], x[1]), *box_muller(x[2], x[3])], axis=-1).ravel()
    return z[first - 4 * begin : first - 4 * begin + rows]


def chosen(stream, trial, rows, pool):
    """A uniformly random choice of rows of a pool, by selection sampling (Knuth, TAOCP 2, 3.4.2 S)."""
    x = words(stream, trial, np.arange((pool + 3) // 4, dtype=np.uint64), np.uint64(0), TOKEN)
    u = np.stack(x, axis=-1).ravel()
    seen = []
    for i in range(pool):
        if int(u[i]) * (pool - i) >> 32 < rows - len(seen):
            seen.append(i)
    return seen


def ridge(X, y, penalty, c=None):
    """The minimiser of sum c (x'w - y)^2 / sum c + penalty |w|^2; of minimum norm without penalty."""
    c = np.ones(len(y)) if c is None else c
    root = np.sqrt(c / c.sum())[:, None]
    if penalty == 0:
        return np.linalg.lstsq(root * X, root[:, 0] * y, rcond=None)[0]
    n, m = X.shape
    A, b = root * X, root[:, 0] * y
    if n < m:
        return A.T @ np.linalg.solve(A @ A.T + penalty * np.eye(n), b)
    return np.linalg.solve(A.T @ A + penalty * np.eye(m), A.T @ b)


def descent(X, y, batch, rate, halvings, averaged):
    """One pass of stochastic gradient descent from 0; the rate is halved after equal parts of the steps."""
    w, steps = np.zeros(X.shape[1]), len(y) // batch
    halved = [-(-(i + 1) * steps // (halvings + 1)) for i in range(halvings)]
    last = []
    for step in range(steps):
        x, t = X[step * batch : (step + 1) * batch], y[step * batch : (step + 1) * batch]
        level = sum(h <= step for h in halved)
        w = w - rate * 0.5**level / batch * (x.T @ (x @ w - t))
        if step >= steps - averaged:
            last.append(w)
    return np.mean(last, axis=0)


d = 1
s = np.ones(d)  # eigenvalues of Sigma


def test_error(trial):
    """E = |w - w0|^2 in the norm of Sigma."""
    w0 = None
    w = None
    return np.sum(s * (w - w0) ** 2) * UNIT


def main():
    count = max(1, int(sys.argv[1])) if len(sys.argv) > 1 else min(RECORDED["trials"], 20)
    own = []
    for trial in range(count):
        own.append(test_error(trial))
        if trial < len(ERRORS):
            print(f"trial {trial:4d}  here {own[-1]:.9g}  recorded {ERRORS[trial]:.9g}", flush=True)
    own = np.array(own)
    sem = own.std(ddof=1) / count**0.5 if count > 1 else np.nan
    print(f"mean of {count} trials here      {own.mean():.6g} +- {sem:.2g} (median {np.median(own):.6g})")
    print("mean of {trials} trials recorded  {mean:.6g} +- {sem:.2g} (median {median:.6g})".format(**RECORDED))
    if RECORDED["trials"] > 1 and not np.isnan(RECORDED["mean"]):
        print("95 % interval recorded      {low:.6g} to {high:.6g}".format(**RECORDED))
    if ERRORS:
        both = own[: len(ERRORS)] / np.array(ERRORS[:count]) - 1
        print(f"farthest apart: {np.nanmax(np.abs(both)) if not np.isnan(both).all() else np.nan:.2g} of the error")
    elif np.isnan(RECORDED["mean"]):  # it does not exist: about as many are to be below the recorded median as above it
        below = np.mean(own < RECORDED["median"]) - 0.5
        print(f"z of the median = {below / (0.5 * np.sqrt(1 / count + 1 / RECORDED['trials'])):.2f}")
    else:
        print(f"z = {(own.mean() - RECORDED['mean']) / np.hypot(sem, RECORDED['sem']):.2f}")


main()
