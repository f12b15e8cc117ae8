#!/usr/bin/env python3
"""Writes test vectors computed to 60 digits and more: black76.csv and kernels.csv.

    python3 math/tools/gen_vectors.py                         # the committed ones, in tests/vectors
    python3 math/tools/gen_vectors.py --points 100000 --seed 7 --out /tmp/vectors

Needs mpmath (and is several times faster with gmpy2). Deterministic in seed and number of points.

Inputs are exact: bits of a Q64 (value times 2^64), or whole seconds for a time written `s<seconds>`.
Expected values are in units of 2^-64 with three decimals, so that a difference from a Q64 is in units
of its last place.
"""
import argparse
import math
import random
import sys
from multiprocessing import Pool
from pathlib import Path

from mpmath import erfc, exp, ldexp, ln, mp, mpf, nint, pi, sqrt

sys.dont_write_bytecode = True  # leaves no __pycache__ in the tree

from enclosure import quantile

mp.prec = 320
HERE = Path(__file__).resolve().parent
ONE = 1 << 64
YEAR = 31_536_000
BLACK_HEADER = (
    "kind,forward,strike,volatility,time,discount,"
    "price,delta,gamma,gamma_forward,vega,theta,rho,vanna,volga"
)
# Four standard deviations out at one second, the ends of every range, at the money and beside it.
EDGES = [
    (f, ratio, sigma, seconds, rate)
    for f in (1, 100_000)
    for ratio in ("0.001", "0.99999", "1", "1.00001", "1000")
    for sigma in ("0.01", "0.6", "10")
    for seconds in (1, 86_400, 94_608_000)
    for rate in ("0", "0.05")
]


def cdf(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def pdf(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def inverse(p):
    """The quantile of p."""
    if p == mpf(1) / 2:
        return mpf(0)
    return -quantile(-ln(p)) if p < mpf(1) / 2 else quantile(-ln(1 - p))


def units(x):
    """In units of 2^-64, with three decimals."""
    n = int(nint(ldexp(x, 64) * 1000))
    sign = "-" if n < 0 else ""
    n = abs(n)
    return f"{sign}{n // 1000}.{n % 1000:03d}"


def bits(x):
    return int(nint(ldexp(mpf(x), 64)))


def black_inputs(rng, index):
    """(kind, forward, strike, volatility, time, discount) as written in the file."""
    kind = rng.choice(("call", "put"))
    if index < len(EDGES):
        f, ratio, sigma, seconds, rate = EDGES[index]
        forward = f * ONE
        strike = bits(mpf(f) * mpf(ratio))
        volatility, time = bits(mpf(sigma)), f"s{seconds}"
        years = seconds / YEAR
        rate = float(rate)
    else:
        forward = bits(10 ** rng.uniform(-1, 9))
        volatility = bits(math.exp(rng.uniform(math.log(0.01), math.log(10))))
        if rng.random() < 0.5:
            seconds = int(math.exp(rng.uniform(0, math.log(3 * YEAR))))
            time, years = f"s{seconds}", seconds / YEAR
        else:
            years = math.exp(rng.uniform(math.log(1.1 / YEAR), math.log(3)))
            time = str(bits(years))
        shape = rng.random()
        if shape < 0.25:
            log = rng.uniform(-math.log(1000), math.log(1000))
        elif shape < 0.95:
            log = rng.gauss(0, 3) * volatility / ONE * math.sqrt(years)
        else:
            log = rng.gauss(0, 1) * 10 ** rng.uniform(-18, -3)
        log = max(-6.9077, min(6.9077, log))
        strike = max(1, int(nint(forward * exp(mpf(log)))))
        rate = rng.choice((0.0, rng.uniform(-0.1, 0.2), rng.uniform(0, 2)))
    # the ends of the range are met exactly, not missed by the rounding of the inputs
    volatility = min(max(volatility, ONE // 100), 10 * ONE)
    strike = min(max(strike, -(-forward // 1000)), forward * 1000)
    discount = bits(math.exp(-rate * years))
    return kind, forward, strike, volatility, time, discount


def black_row(inputs):
    kind, forward, strike, volatility, time, discount = inputs
    f, k, s, d = (ldexp(mpf(b), -64) for b in (forward, strike, volatility, discount))
    t = mpf(int(time[1:])) / YEAR if time.startswith("s") else ldexp(mpf(int(time)), -64)
    root = sqrt(t)
    v = s * root
    d1 = ln(f / k) / v + v / 2
    d2 = d1 - v
    rate = -ln(d) / t
    if kind == "call":
        price = d * (f * cdf(d1) - k * cdf(d2))
        delta = d * cdf(d1)
    else:
        price = d * (k * cdf(-d2) - f * cdf(-d1))
        delta = -d * cdf(-d1)
    density = d * pdf(d1)
    vega = density * f * root
    values = (
        price,
        delta,
        density / (f * v),
        density / v,
        vega,
        rate * price - density * f * s / (2 * root),
        -t * price,
        -density * d2 / s,
        vega * d1 * d2 / s,
    )
    head = ",".join(str(x) for x in inputs)
    return head + "," + ",".join(units(x) for x in values)


def kernel_inputs(rng, index):
    name = ("exp", "ln", "sqrt", "cdf", "pdf", "inverse")[index % 6]
    if name == "exp":
        x = rng.choice((rng.uniform(-46, 43.6), rng.uniform(-1, 1), -(10 ** rng.uniform(-19, 0))))
    elif name == "ln":
        x = rng.choice((10 ** rng.uniform(-19, 18.9), 1 + rng.gauss(0, 1) * 10 ** rng.uniform(-18, -1)))
        x = abs(x)
    elif name == "sqrt":
        x = 10 ** rng.uniform(-19, 18.9)
    elif name == "inverse":
        tail = bits(10 ** rng.uniform(-19.26, -0.302)) if rng.random() < 0.5 else rng.getrandbits(63)
        near = ONE // 2 - bits(10 ** rng.uniform(-19.26, -1))
        p = max(1, rng.choice((tail, near)))
        return name, p if rng.random() < 0.5 else ONE - p
    else:
        x = rng.choice((rng.uniform(-12, 12), rng.gauss(0, 1), rng.gauss(0, 1) * 10 ** rng.uniform(-18, 0)))
    # noise in the last places, which a float does not have
    b = bits(x) + (rng.getrandbits(14) if abs(x) > 1e-3 else 0)
    return name, b if name not in ("ln", "sqrt") else max(1, b)


def kernel_row(inputs):
    name, b = inputs
    x = ldexp(mpf(b), -64)
    f = {"exp": exp, "ln": ln, "sqrt": sqrt, "cdf": cdf, "pdf": pdf, "inverse": inverse}[name]
    return f"{name},{b},{units(f(x))}"


def write(path, header, make_inputs, make_row, points, seed, jobs):
    rng = random.Random(seed)
    inputs = (make_inputs(rng, i) for i in range(points))
    with Pool(jobs) as pool, path.open("w") as out:
        out.write(header + "\n")
        for row in pool.imap(make_row, inputs, chunksize=500):
            out.write(row + "\n")
    print(f"wrote {path}: {points} points, {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description="Writes black76.csv and kernels.csv.")
    parser.add_argument("--points", type=int, default=1200, help="points of each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE.parent / "tests" / "vectors")
    parser.add_argument("--jobs", type=int, default=2)
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    write(a.out / "black76.csv", BLACK_HEADER, black_inputs, black_row, a.points, a.seed, a.jobs)
    write(a.out / "kernels.csv", "function,x,value", kernel_inputs, kernel_row, a.points, a.seed, a.jobs)


if __name__ == "__main__":
    main()
