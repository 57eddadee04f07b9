"""Ways to draw trials of the reference job in NumPy. A sampler makes of (problem, trials, rng) an iterator over blocks of
test errors, each [trial, generation, ridge].

The first draw every design, as one writes it in an afternoon; the others draw as docs/samplers.md says, many trials at
once.
"""

from dataclasses import dataclass

import numpy as np

try:
    from scipy.linalg import cho_factor, cho_solve, lapack
except ImportError:
    lapack = None


@dataclass(frozen=True)
class Problem:
    d: int
    rows: int
    rows0: int
    generations: tuple  # which are tested, ascending
    ridges: np.ndarray
    spectrum: np.ndarray
    dtype: type
    noise: float = 0.1
    noise0: float = 0.2

    @property
    def isotropic(self):
        return bool(np.all(self.spectrum == 1))


def problem_of(shape, dtype):
    d = shape["d"]
    exponent = shape.get("exponent") or 0
    return Problem(
        d=d,
        rows=shape["samples"],
        rows0=shape["generatorSamples"],
        generations=tuple(shape["generations"]),
        ridges=np.array(shape["ridges"], dtype),
        spectrum=(np.arange(1, d + 1) ** -float(exponent)).astype(dtype),
        dtype=dtype,
    )


def normals(rng, shape, dtype):
    return rng.standard_normal(shape, dtype=dtype)


def chis(rng, freedom, shape, dtype):
    """Chi numbers; `freedom` may be an array, and 0 where the number is 0."""
    return np.sqrt(2 * rng.standard_gamma(np.asarray(freedom, dtype) / 2, shape, dtype=dtype))


# By data


def by_data(fit, fresh=False):
    """Trials one by one; `fresh`: a downstream design for every generation."""

    def blocks(problem, trials, rng):
        for _ in range(trials):
            yield trial(problem, fit, fresh, rng)[None]

    return blocks


def trial(problem, fit, fresh, rng):
    truth, models = label_models(problem, fit, rng)
    errors = np.empty((len(problem.generations), len(problem.ridges)), problem.dtype)
    for columns in [slice(g, g + 1) for g in range(models.shape[1])] if fresh else [slice(None)]:
        gram, moments = data(problem, problem.rows, problem.noise, models[:, columns], rng)
        deviations = fit(gram, moments, problem.ridges) - truth[:, None, None]
        errors[columns] = np.einsum("i,igr->gr", problem.spectrum, deviations**2)
    return errors


def label_models(problem, fit, rng):
    """The truth, uniform on the unit sphere, and the models that label the tested generations as columns."""
    model = truth = unit(normals(rng, problem.d, problem.dtype))
    models = []
    for generation in range(problem.generations[-1] + 1):
        if generation in problem.generations:
            models.append(model)
        if generation < problem.generations[-1]:
            gram, moments = data(problem, problem.rows0, problem.noise0, model[:, None], rng)
            model = fit.plain(gram, moments)[:, 0]
    return truth, np.stack(models, 1)


def unit(vector):
    return vector / np.linalg.norm(vector)


def data(problem, rows, noise, models, rng):
    """X'X/T and X'y/T of a fresh design labelled by every model; the label noise is common to them."""
    x = normals(rng, (rows, problem.d), problem.dtype)
    x *= np.sqrt(problem.spectrum)
    y = x @ models + problem.dtype(noise) * normals(rng, (rows, 1), problem.dtype)
    return x.T @ x / rows, x.T @ y / rows


class Solve:
    """Fits [feature, model, ridge], one np.linalg.solve for every ridge."""

    def __call__(self, gram, moments, ridges):
        identity = np.eye(len(gram), dtype=gram.dtype)
        return np.stack([np.linalg.solve(gram + ridge * identity, moments) for ridge in ridges], 2)

    def plain(self, gram, moments):
        return np.linalg.solve(gram, moments)


class CholeskySolve:
    """One Cholesky factor for every ridge. NumPy has no triangular solve, so SciPy's is taken."""

    def __call__(self, gram, moments, ridges):
        identity = np.eye(len(gram), dtype=gram.dtype)
        return np.stack([self.plain(gram + ridge * identity, moments) for ridge in ridges], 2)

    def plain(self, gram, moments):
        return cho_solve(cho_factor(gram, overwrite_a=True, check_finite=False), moments, check_finite=False)


class Eigh(Solve):
    """One eigendecomposition for all ridges."""

    def __call__(self, gram, moments, ridges):
        values, vectors = np.linalg.eigh(gram)
        return spectral_fits(values, vectors, moments, ridges)


def spectral_fits(values, vectors, moments, ridges):
    """Fits [..., feature, model, ridge] from a decomposition of the Gram matrix, of one trial or of many."""
    rotated = vectors.swapaxes(-1, -2) @ moments
    damped = rotated[..., None] / (values[..., None, None] + ridges)
    return (vectors @ damped.reshape(*rotated.shape[:-1], -1)).reshape(damped.shape)


# By law


TRIALS_AT_ONCE = 512
"""Trials of a block of `bidiagonal`: its arrays [ridge, trial] are best kept in the second-level cache."""


def blocks_of(trials, most):
    return [min(most, trials - first) for first in range(0, trials, most)]


def bidiagonal(problem, trials, rng):
    """Isotropic inputs: five numbers per fit. All arrays have the trial last."""
    if not problem.isotropic:
        raise NotImplementedError("bidiagonal needs all eigenvalues equal")
    for count in blocks_of(trials, TRIALS_AT_ONCE):
        yield bidiagonal_block(problem, count, rng)


def bidiagonal_block(problem, count, rng):
    response = ridge_response(problem, count, rng)
    direction = haar_direction(problem, count, rng)
    x, y = np.zeros((2, count), problem.dtype)
    errors = []
    for generation in range(problem.generations[-1] + 1):
        if generation in problem.generations:
            fit_x, fit_square = step(x, y, response, problem.noise, direction)
            errors.append(fit_x**2 + fit_square)
        if generation < problem.generations[-1]:
            plain = least_squares_response(problem, count, rng)
            x, square = step(x, y, plain, problem.noise0, haar_direction(problem, count, rng))
            y = np.sqrt(square)
    return np.stack(errors).transpose(2, 0, 1)


def haar_direction(problem, count, rng):
    """One coordinate of a unit vector uniform in d - 1 dimensions, and the length of the others."""
    one = normals(rng, count, problem.dtype)
    others = chis(rng, max(problem.d - 2, 0), count, problem.dtype)
    length = np.hypot(one, others)
    return one / length, others / length


def least_squares_response(problem, count, rng):
    """(b, v, c, a, r) of a least-squares fit of minimum norm."""
    rows, d, dtype = problem.rows0, problem.d, problem.dtype
    divisor = chis(rng, abs(rows - d) + 1, count, dtype)
    n = normals(rng, count, dtype) / divisor
    rest = chis(rng, min(rows, d) - 1, count, dtype) / divisor
    if rows >= d:
        return 0, n, 0, 0, rest
    kept, lost = chis(rng, rows, count, dtype), chis(rng, d - rows, count, dtype)
    length = np.hypot(kept, lost)
    kept, lost = kept / length, lost / length
    return -(lost**2), kept * n, kept * lost, lost * n, rest


def ridge_response(problem, count, rng):
    """(b, v, c, a, r), each [ridge, trial], by the recursion of shaders/samplers/ridge-response.wgsl from the last row to
    the first."""
    rows, d, dtype = problem.rows, problem.d, problem.dtype
    order = min(rows, d)
    i = np.arange(order)[:, None]
    alphas = chis(rng, rows - i, (order, count), dtype)
    betas = chis(rng, d - 1 - i, (order, count), dtype)
    noises = normals(rng, (order, count), dtype)
    penalty = (problem.ridges * rows)[:, None]
    scale, shift = (penalty, dtype(1)) if rows < d else (dtype(1), penalty)

    alpha, beta, z = alphas[-1], betas[-1], noises[-1]
    damped = np.ones((len(problem.ridges), count), dtype)
    moment = np.zeros_like(damped)
    rest = np.zeros_like(damped)
    square = scale + beta * beta + np.zeros_like(damped)
    slope = beta * z / square
    inverse_length = square.copy()
    inverse, inverse_sum, spare = (np.empty_like(damped) for _ in range(3))
    for row in range(order - 2, -1, -1):
        product = alpha * beta
        np.reciprocal(square, out=inverse)
        # inverse_sum = 1 / (inverse_length + product^2 / square)
        np.multiply(inverse, product * product, out=inverse_sum)
        inverse_sum += inverse_length
        np.reciprocal(inverse_sum, out=inverse_sum)
        # rest += slope^2 square inverse_sum
        np.multiply(slope, slope, out=spare)
        spare *= square
        spare *= inverse_sum
        rest += spare
        # moment = alpha (damped z - beta moment) / square
        np.multiply(damped, alpha * z, out=spare)
        moment *= product
        np.subtract(spare, moment, out=moment)
        moment *= inverse
        # damped = alpha^2 damped / square + shift
        damped *= alpha * alpha
        damped *= inverse
        damped += shift
        # slope = (scale moment + beta' z') / square' - product slope inverse_sum;  square' = scale damped + beta'^2
        inverse_length *= inverse_sum
        slope *= product
        slope *= inverse_sum
        alpha, beta, z = alphas[row], betas[row], noises[row]
        if rows < d:
            np.multiply(scale, damped, out=square)
            np.multiply(scale, moment, out=spare)
            square += beta * beta
            spare += beta * z
        else:
            np.add(damped, beta * beta, out=square)
            np.add(moment, beta * z, out=spare)
        spare /= square
        np.subtract(spare, slope, out=slope)
        inverse_length *= square
    moment = alpha * (damped * z - beta * moment) / square
    damped = alpha * alpha * damped / square + shift
    bias, noise = -shift / damped, moment / damped
    pull, length = alpha * beta / square, np.sqrt(square / inverse_length)
    return bias, noise, -length * pull * bias, length * (slope - pull * noise), np.sqrt(rest)


def step(x, y, response, noise, direction):
    """One fit as seen from the truth of length 1: the new x, and the square of the new y."""
    b, v, c, a, r = response
    along = 1 + x
    length = np.hypot(along, y)
    cosine, sine = along / length, y / length
    forward = length * b + noise * v
    sideways = np.hypot(length * c + noise * a, noise * r)
    inside, outside = sideways * direction[0], sideways * direction[1]
    turned = y + forward * sine + inside * cosine
    return x + forward * cosine - inside * sine, turned**2 + outside**2


MATRICES_AT_ONCE = 8
"""Trials of a block of `wishart`."""


def wishart(fit):
    """Any spectrum, at least as many rows as features: Bartlett's triangle in place of the design, multivariate t in place
    of the generators."""

    def blocks(problem, trials, rng):
        if min(problem.rows, problem.rows0) < problem.d:
            raise NotImplementedError("wishart needs at least as many rows as features")
        for count in blocks_of(trials, MATRICES_AT_ONCE):
            yield wishart_block(problem, fit, count, rng)

    return blocks


def wishart_block(problem, fit, count, rng):
    """The fit is linear in its labels, so three right-hand sides serve all generations: those of the truth with label noise,
    and of what the generators add, which is the same vector times a number that grows."""
    truth, step, sizes = label_models_by_law(problem, count, rng)
    triangle = bartlett(problem, count, rng)
    labels = triangle @ np.concatenate([truth, step], axis=2)
    labels[:, :, :1] += problem.dtype(problem.noise) * normals(rng, (count, problem.d, 1), problem.dtype)
    adjoint = triangle.swapaxes(1, 2)
    fits = fit(adjoint @ triangle / problem.rows, adjoint @ labels / problem.rows, problem.ridges)
    fits[:, :, 0] -= truth
    fits *= np.sqrt(problem.spectrum)[:, None, None]
    own, added = fits[:, :, 0], fits[:, :, 1]
    products = [np.einsum("tir,tir->tr", a, b)[:, None] for a, b in ((own, own), (own, added), (added, added))]
    return products[0] + 2 * sizes * products[1] + sizes**2 * products[2]


def label_models_by_law(problem, count, rng):
    """w0 [trial, feature, 1], a random vector v of that shape, and numbers a [trial, generation, 1]: the models that label are
    w0 + a v. Given the chi numbers, multivariate t steps of independent designs add up to one Gaussian vector."""
    d, dtype, last = problem.d, problem.dtype, problem.generations[-1]
    truth = normals(rng, (count, d, 1), dtype)
    truth /= np.linalg.norm(truth, axis=1, keepdims=True)
    step = normals(rng, (count, d, 1), dtype) / np.sqrt(problem.spectrum)[:, None]
    variances = np.zeros((count, last + 1, 1), dtype)
    chi = chis(rng, problem.rows0 - d + 1, (count, last, 1), dtype)
    np.cumsum((dtype(problem.noise0) / chi) ** 2, axis=1, out=variances[:, 1:])
    return truth, step, np.sqrt(variances[:, list(problem.generations)])


def bartlett(problem, count, rng):
    """R with R'R distributed as X'X, [trial, row, feature]."""
    d = problem.d
    triangle = np.zeros((count, d, d), problem.dtype)
    above = np.triu_indices(d, 1)
    triangle[:, above[0], above[1]] = normals(rng, (count, len(above[0])), problem.dtype)
    triangle[:, range(d), range(d)] = chis(rng, problem.rows - np.arange(d), (count, d), problem.dtype)
    triangle *= np.sqrt(problem.spectrum)
    return triangle


class Tridiagonal:
    """One reduction to tridiagonal form for all ridges, of each trial in turn; by LAPACK through SciPy."""

    def __call__(self, grams, moments, ridges):
        return np.stack([self.one(gram, moment, ridges) for gram, moment in zip(grams, moments)])

    def one(self, gram, moments, ridges):
        d, models = moments.shape
        of = "d" if gram.dtype == np.float64 else "s"
        reduce, rotate, solve = (getattr(lapack, of + name) for name in ("sytrd", "ormqr", "ptsv"))
        packed, diagonal, beside, tau, _ = reduce(gram, lower=1, lwork=64 * d)
        # The first row and column stay as they are: Q is 1 and the reflectors below the first subdiagonal.
        reflectors = np.asfortranarray(packed[1:, :-1])
        work = 64 * models * len(ridges)
        rotated = np.array(moments, order="F")
        rotated[1:] = rotate("L", "T", reflectors, tau, rotated[1:], work)[0]
        fits = np.empty((d, models * len(ridges)), gram.dtype, order="F")
        for r, ridge in enumerate(ridges):
            fits[:, r * models : (r + 1) * models] = solve(diagonal + ridge, beside, rotated)[2]
        fits[1:] = rotate("L", "N", reflectors, tau, fits[1:], work)[0]
        return fits.reshape(d, len(ridges), models).swapaxes(1, 2)


METHODS = {
    "solve": ("one np.linalg.solve per ridge", by_data(Solve())),
    "cho_solve": ("one Cholesky factor per ridge, solved by SciPy", by_data(CholeskySolve())),
    "eigh": ("one eigendecomposition for all ridges", by_data(Eigh())),
    "eigh-fresh": ("as eigh, but a new downstream design for every generation", by_data(Eigh(), fresh=True)),
    "bidiagonal-vectorised": ("our bidiagonal sampler on arrays over trials", bidiagonal),
    "wishart-vectorised": ("our wishart sampler on arrays over trials, one eigendecomposition for all ridges", wishart(Eigh())),
    "wishart-tridiagonal": ("the same, but tridiagonal form by SciPy's LAPACK in place of eigh", wishart(Tridiagonal())),
}
NEED_SCIPY = ("cho_solve", "wishart-tridiagonal")


def sampler_of(method):
    """The sampler of that name. Raises NotImplementedError with the reason if there is none."""
    if method not in METHODS:
        raise NotImplementedError(f"no method {method}; there are {', '.join(METHODS)}")
    if method in NEED_SCIPY and lapack is None:
        raise NotImplementedError(f"{method} needs SciPy, which is not installed")
    return METHODS[method][1]
