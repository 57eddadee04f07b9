"""Prints student-t.fixture.json: values of Student's t to 40 digits with mpmath.  python3 student-t.fixture.py > student-t.fixture.json"""
import json
from mpmath import betainc, findroot, mp, mpf, nstr
from scipy import stats

mp.dps = 40


def upper_tail(t, df):
    return betainc(mpf(df) / 2, mpf(1) / 2, 0, mpf(df) / (mpf(df) + mpf(t) ** 2), regularized=True) / 2


def quantile(p, df):
    start = mpf(float(stats.t.ppf(p, df)))
    ends = (start * (1 - mpf("1e-6")), start * (1 + mpf("1e-6")))
    return findroot(lambda t: upper_tail(t, df) - (1 - mpf(p)), ends, solver="anderson", tol=1e-40)


def cdf(t, df):
    return upper_tail(-t, df) if t < 0 else 1 - upper_tail(t, df)


quantiles = [(p, df) for df in (1, 2, 3, 7, 9, 30, 99, 999, 12345, 10**6) for p in (0.6, 0.975, 0.995, 0.99999)]
points = [(0.5, 1), (2, 3), (-1.3, 7), (3, 9), (1.7, 30), (2.5, 4.5), (4, 999), (0.01, 10**6), (-1.96, 10**6), (6, 12345)]
print(json.dumps({
    "quantiles": [{"p": p, "df": df, "t": float(nstr(quantile(p, df), 20))} for p, df in quantiles],
    "cdf": [{"t": t, "df": df, "p": float(nstr(cdf(t, df), 20))} for t, df in points],
}, indent=1))
