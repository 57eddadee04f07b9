"""NumPy as a contestant: whole trials by many methods (numpy_samplers.py), and its BLAS and LAPACK calls one by one.

One process, one BLAS thread: start one per core. A method's name with `-f32` computes in single precision.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from contestant import say, serve

try:
    import numpy as np
except ImportError:
    say({"name": "numpy", "missing": "Python has no numpy; on Debian: apt-get install python3-numpy libopenblas0"})
    raise SystemExit(0)

from numpy_networks import encoder, perceptron
from numpy_samplers import METHODS, lapack, problem_of, sampler_of


SINGLE = ("eigh", "bidiagonal-vectorised", "wishart-vectorised")
"""Methods that are offered in single precision too."""


def matmul(shape, seed):
    n = shape["n"]
    a, b = np.random.default_rng(seed).standard_normal((2, n, n))
    out = np.empty_like(a)

    def check():
        probe = np.ones(n)
        return {"check": residual(out @ probe, a @ (b @ probe))}

    return lambda _: np.matmul(a, b, out=out), check


def gram(shape, seed):
    x = np.random.default_rng(seed).standard_normal((shape["batch"], shape["rows"], shape["columns"]))
    out = np.empty((shape["batch"], shape["columns"], shape["columns"]))

    def check():
        probe = np.ones(shape["columns"])
        return {"check": residual(out[-1] @ probe, x[-1].T @ (x[-1] @ probe))}

    return lambda _: np.matmul(x.swapaxes(1, 2), x, out=out), check


def cholesky(shape, seed):
    n = shape["order"]
    x = np.random.default_rng(seed).standard_normal((shape["batch"], 2 * n, n))
    a = x.swapaxes(1, 2) @ x / (2 * n) + 0.01 * np.eye(n)
    factors = []

    def run(_):
        factors[:] = np.linalg.cholesky(a)

    return run, lambda: {"check": max(residual(factor @ factor.T, matrix) for factor, matrix in zip(factors, a))}


def residual(value, exact):
    return float(np.linalg.norm(value - exact) / np.linalg.norm(exact))


def normals(shape, seed):
    rng = np.random.default_rng(seed)
    out = np.empty(shape["count"])
    return lambda _: rng.standard_normal(out=out), lambda: {"check": float(abs(out.mean()) * len(out) ** 0.5)}


def zipf(shape):
    p = np.arange(1, shape["support"] + 1) ** -float(shape["exponent"])
    return p / p.sum()


def first_token_z(count, draws, chance):
    return {"check": float(abs(count - draws * chance) / (draws * chance * (1 - chance)) ** 0.5)}


def choice(shape, seed):
    """So many tokens of a Zipf law, one by one."""
    rng, p, draws = np.random.default_rng(seed), zipf(shape), shape["count"]
    out = np.empty(draws, np.int64)

    def run(_):
        out[:] = rng.choice(len(p), draws, p=p)

    return run, lambda: first_token_z(np.count_nonzero(out == 0), draws, p[0])


def multinomial(shape, seed):
    """How often each token comes up in so many draws."""
    rng, p, draws = np.random.default_rng(seed), zipf(shape), shape["count"]
    counts = np.empty(len(p), np.int64)

    def run(_):
        counts[:] = rng.multinomial(draws, p)

    return run, lambda: first_token_z(counts[0], draws, p[0])


def trial(shape, seed):
    method = shape.get("method") or "eigh"
    plain = method.removesuffix("-f32")
    problem = problem_of(shape, np.float64 if plain == method else np.float32)
    sampler = sampler_of(plain)
    rng = np.random.default_rng(seed)
    sums = np.zeros((3, len(problem.generations), len(problem.ridges)))  # of 1, E, E^2 over trials

    def run(repeat):
        for block in sampler(problem, shape["trials"] if repeat >= 0 else min(2, shape["trials"]), rng):
            if repeat >= 0:
                block = block.astype(np.float64)
                sums[0] += len(block)
                sums[1] += block.sum(0)
                sums[2] += (block**2).sum(0)

    return run, lambda: summary(sums, shape.get("cells"))


def summary(sums, cells):
    """The mean at the first ridge and last generation with its standard error; [generation][ridge] if `cells` asks."""
    count, mean = sums[0], sums[1] / sums[0]
    error = np.sqrt(np.maximum(sums[2] / count - mean**2, 0) / np.maximum(count - 1, 1))
    tables = {"means": mean.tolist(), "standardErrors": error.tolist()} if cells else {}
    return {"check": float(mean[-1, 0]), "standardError": float(error[-1, 0]), **tables}


def libraries():
    """The BLAS that is mapped into this process: what Debian's alternatives chose cannot be seen from NumPy."""
    try:
        with open("/proc/self/maps") as maps:
            files = {line.split("/")[-1].strip() for line in maps}
    except OSError:
        return ["BLAS unknown"]
    return sorted(file for file in files if file.startswith("lib") and ("blas" in file or "mkl" in file))


def methods():
    texts = {name: text for name, (text, _) in METHODS.items()}
    return texts | {f"{name}-f32": f"{texts[name]}, in single precision" for name in SINGLE}


if __name__ == "__main__":
    parts = [np.__version__, *libraries(), *([] if lapack is None else ["with SciPy"])]
    introduction = {"name": "numpy", "version": ", ".join(parts), "device": "cpu, double precision, 1 BLAS thread"}
    cases = {"trial": trial, "cholesky": cholesky, "matmul": matmul, "gram": gram, "normals": normals}
    cases |= {"choice": choice, "multinomial": multinomial, "perceptron": perceptron, "encoder": encoder}
    serve({**introduction, "methods": methods()}, cases)
