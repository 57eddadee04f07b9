"""The reference job in plain NumPy, as one would write it in an afternoon: d = 300, T = T0 = 600, n = 0..10, 20 ridges.

usage: reference_job.py METHOD TRIALS SEED [EXPONENT]
METHOD  solve: one np.linalg.solve per ridge for all generations; eigh: one eigendecomposition for all ridges
EXPONENT of the power-law spectrum s_j = j^-EXPONENT, default 0 (isotropic).
Prints seconds and the mean test error at the first ridge for n = 10, to compare with. One process is one core if
OPENBLAS_NUM_THREADS=1.
"""

import sys
import time

import numpy as np

method, trials, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
d, rows, rows0, generations, sigma, sigma0 = 300, 600, 600, 10, 0.1, 0.2
ridges = np.logspace(-3, 1, 20)
rng = np.random.default_rng(seed)
spectrum = np.arange(1, d + 1) ** -float(sys.argv[4] if len(sys.argv) > 4 else 0)
scale = np.sqrt(spectrum)


def trial():
    w0 = rng.standard_normal(d)
    w0 /= np.linalg.norm(w0)
    models = [w0]
    for _ in range(generations):
        x = rng.standard_normal((rows0, d)) * scale
        y = x @ models[-1] + sigma0 * rng.standard_normal(rows0)
        models.append(np.linalg.solve(x.T @ x, x.T @ y))
    w = np.stack(models, 1)
    x = rng.standard_normal((rows, d)) * scale
    gram = x.T @ x / rows
    moments = x.T @ (x @ w + sigma * rng.standard_normal(rows)[:, None]) / rows
    if method == "eigh":
        s, v = np.linalg.eigh(gram)
        rotated = v.T @ moments
        fits = [v @ (rotated / (s + ridge)[:, None]) for ridge in ridges]
    else:
        fits = [np.linalg.solve(gram + ridge * np.eye(d), moments) for ridge in ridges]
    return np.array([spectrum @ (fit - w0[:, None]) ** 2 for fit in fits])


trial()
start = time.perf_counter()
mean = sum(trial() for _ in range(trials)) / trials
print(time.perf_counter() - start, mean[0, generations])
