"""PyTorch as a contestant: its own batched kernels, and whole trials of the reference job in many trials at once.

Single precision without TF32, on CUDA. TORCH_PEER_DEVICE=cpu tries the same code on a CPU.
"""

import os

from contestant import say, serve

try:
    import torch
except ImportError:
    say({"name": "torch", "missing": "Python has no torch"})
    raise SystemExit(0)

DEVICE = torch.device(os.environ.get("TORCH_PEER_DEVICE", "cuda"))
if DEVICE.type == "cuda" and not torch.cuda.is_available():
    say({"name": "torch", "missing": f"PyTorch {torch.__version__} finds no CUDA device"})
    raise SystemExit(0)

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False

MOST_BYTES = 2**30
"""What the largest array of a block of trials may take."""


def wait():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def generator(seed):
    return torch.Generator(DEVICE).manual_seed(seed)


def normals(rng, *shape):
    return torch.randn(shape, generator=rng, device=DEVICE)


def matmul(shape, seed):
    a, b = normals(generator(seed), 2, shape["n"], shape["n"])
    out = torch.empty_like(a)

    def check():
        probe = torch.ones(shape["n"], dtype=torch.float64, device=DEVICE)
        return {"check": residual(out.double() @ probe, a.double() @ (b.double() @ probe))}

    return lambda _: torch.mm(a, b, out=out), check


def gram(shape, seed):
    x = normals(generator(seed), shape["batch"], shape["rows"], shape["columns"])
    out = torch.empty(shape["batch"], shape["columns"], shape["columns"], device=DEVICE)

    def check():
        probe = torch.ones(shape["columns"], dtype=torch.float64, device=DEVICE)
        return {"check": residual(out[-1].double() @ probe, x[-1].double().T @ (x[-1].double() @ probe))}

    return lambda _: torch.bmm(x.mT, x, out=out), check


def cholesky(shape, seed):
    n = shape["order"]
    x = normals(generator(seed), shape["batch"], 2 * n, n)
    a = x.mT @ x / (2 * n) + 0.01 * torch.eye(n, device=DEVICE)
    out = torch.empty_like(a)

    def check():
        factors = zip(out.double(), a.double())
        return {"check": max(residual(factor @ factor.T, matrix) for factor, matrix in factors)}

    return lambda _: torch.linalg.cholesky(a, out=out), check


def eigh(shape, seed):
    n = shape["order"]
    x = normals(generator(seed), shape["batch"], 2 * n, n)
    a = x.mT @ x / (2 * n)
    values, vectors = torch.empty(shape["batch"], n, device=DEVICE), torch.empty_like(a)

    def check():
        matrix = vectors[-1].double()
        return {"check": residual(matrix * values[-1].double() @ matrix.T, a[-1].double())}

    return lambda _: torch.linalg.eigh(a, out=(values, vectors)), check


def residual(value, exact):
    return float(torch.linalg.norm(value - exact) / torch.linalg.norm(exact))


def normals_case(shape, seed):
    rng = generator(seed)
    out = torch.empty(shape["count"], device=DEVICE)
    return lambda _: out.normal_(generator=rng), lambda: {
        "check": float(out.double().mean().abs()) * shape["count"] ** 0.5
    }


def trial(shape, seed):
    method = shape.get("method") or "cholesky"
    if method not in METHODS:
        raise NotImplementedError(f"no method {method}; there are {', '.join(METHODS)}")
    rng = generator(seed)
    rows = max(shape["samples"], shape["generatorSamples"])
    block = max(1, min(shape["trials"], MOST_BYTES // (4 * shape["d"] * rows)))
    means = []

    def run(repeat):
        total = 0
        for first in range(0, shape["trials"], block):
            total += errors_of(shape, FITS[method], min(block, shape["trials"] - first), rng).double().sum(0)
        table = (total / shape["trials"]).tolist()
        if repeat >= 0:
            means.append(table[-1][0])

    return run, lambda: {"check": sum(means) / len(means)}


def errors_of(shape, fit, count, rng):
    """Test errors [trial, generation, ridge] of `count` trials at once."""
    d = shape["d"]
    spectrum = torch.arange(1, d + 1, device=DEVICE) ** -float(shape["exponent"] or 0)
    truth = normals(rng, count, d, 1)
    truth /= torch.linalg.norm(truth, dim=1, keepdim=True)
    model, models = truth, []
    for generation in range(shape["generations"][-1] + 1):
        if generation in shape["generations"]:
            models.append(model)
        if generation < shape["generations"][-1]:
            data = labelled(shape["generatorSamples"], 0.2, model, spectrum, rng)
            model = cholesky_fit(*data, 0)
    data = labelled(shape["samples"], 0.1, torch.cat(models, 2), spectrum, rng)
    # [ridge, trial, generation]
    errors = torch.stack([spectrum @ (w - truth).square() for w in fit(*data, shape["ridges"])])
    return errors.permute(1, 2, 0)


def labelled(rows, noise, models, spectrum, rng):
    """X'X/T and X'y/T of a fresh design per trial labelled by every model of it; the label noise is common to them."""
    x = normals(rng, len(models), rows, len(spectrum)) * spectrum.sqrt()
    y = x @ models + noise * normals(rng, len(models), rows, 1)
    return x.mT @ x / rows, x.mT @ y / rows


def cholesky_fit(gram, moments, ridge):
    identity = torch.eye(gram.shape[-1], device=DEVICE)
    return torch.cholesky_solve(moments, torch.linalg.cholesky(gram + ridge * identity))


def by_cholesky(gram, moments, ridges):
    return (cholesky_fit(gram, moments, ridge) for ridge in ridges)


def by_eigh(gram, moments, ridges):
    values, vectors = torch.linalg.eigh(gram)
    rotated = vectors.mT @ moments
    return (vectors @ (rotated / (values + ridge)[..., None]) for ridge in ridges)


FITS = {"cholesky": by_cholesky, "eigh": by_eigh}
METHODS = {
    "cholesky": "batched over trials, one Cholesky factor per ridge",
    "eigh": "batched over trials, one eigendecomposition for all ridges",
}

if __name__ == "__main__":
    device = torch.cuda.get_device_name() if DEVICE.type == "cuda" else "cpu"
    serve(
        {"name": "torch", "version": torch.__version__, "device": f"{device}, single precision", "methods": METHODS},
        {"trial": trial, "cholesky": cholesky, "eigh": eigh, "matmul": matmul, "gram": gram, "normals": normals_case},
        wait,
    )
