#!/usr/bin/env python3
"""Fits the eSSVI slices of a volatility surface to option chains.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python math/tools/fit_surface.py CHAIN.csv|FOLDER [--out FOLDER] [--detail]

Columns read: snapshot_utc, instrument, kind, underlying_price (the expiry's forward), strike,
expiry_utc, mark_iv_pct, delta, index_price, bid_price, ask_price, open_interest. Lines that start
with # are notes.

For each underlying of a chain two surfaces at the standard tenors, with their errors:

- `per expiry`: one slice fitted to each expiry, the tenors read off between the expiries (theta, psi
  and rho psi linear in time), brought to admissibility by the projection of math/src/surface;
- `joint`: the tenors' slices fitted to all quotes at once through the surface's own interpolation,
  which is what the surface is used with. Starts from the first; admissible by construction of the
  steps and, at the end, by the same projection.

Rate is 0 and carry comes from the expiries' forwards. What counts as a quote: out-of-the-money side,
2 to 365 days, delta 5% to 95%, bid, ask and open interest present.
`math/examples/surface_fit.rs` checks the file written with the integer surface.
"""

import argparse
import csv
import datetime
import os
import sys

import numpy as np
from scipy.optimize import least_squares

DAYS = np.array([7, 14, 30, 60, 90, 180])
TENORS = DAYS / 365.0
RHO_MAX = 0.999
# residuals are in units of this many volatility points
POINTS = 1.5
# how much a bend of the tenors' parameters counts: settles tenors between which no expiry lies
STIFFNESS = 0.3


def timestamp(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def number(text):
    try:
        return float(text)
    except ValueError:
        return 0.0


def read_chain(path):
    """Liquid quotes by underlying: T, k, volatility, and per expiry T, ln(F / S)."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    quotes, forwards = {}, {}
    for row in rows:
        name = row["instrument"].split("-")[0]
        span = timestamp(row["expiry_utc"]) - timestamp(row["snapshot_utc"])
        days = span.total_seconds() / 86400
        forward, strike = number(row["underlying_price"]), number(row["strike"])
        vol, delta = number(row["mark_iv_pct"]) / 100, abs(number(row["delta"]))
        if not 2 <= days <= 365 or forward <= 0 or vol <= 0:
            continue
        index = number(row["index_price"])
        if index > 0:
            forwards.setdefault(name, {}).setdefault(row["expiry_utc"], []).append(
                (days / 365, np.log(forward / index)))
        out = (row["kind"][:1].lower() == "c") == (strike >= forward)
        traded = all(number(row[c]) > 0 for c in ("bid_price", "ask_price", "open_interest"))
        if out and traded and 0.05 <= delta <= 0.95:
            quotes.setdefault(name, []).append(
                (row["expiry_utc"], days / 365, np.log(strike / forward), vol))
    carries = {name: np.array([np.median(values, axis=0) for values in by.values()])
               for name, by in forwards.items()}
    return quotes, carries


def variance(theta, u, v, k):
    """Total variance of a slice with wings u = psi (1 + rho), v = psi (1 - rho)."""
    x = theta + (u - v) * k / 2
    return (x + np.sqrt(x * x + u * v * k * k)) / 2


def surface(theta, u, v, years):
    """theta, u, v at times: the rules of math/src/surface.rs."""
    near = np.clip(np.searchsorted(TENORS, years) - 1, 0, len(TENORS) - 2)
    share = (years - TENORS[near]) / (TENORS[near + 1] - TENORS[near])
    mixed = [a[near] * (1 - share) + a[near + 1] * share for a in (theta, u, v)]
    first = np.minimum(years / TENORS[0], 1)
    forward = max(theta[-1] - theta[-2], 0) / (TENORS[-1] - TENORS[-2])
    growth = 1 + forward * np.maximum(years - TENORS[-1], 0) / theta[-1]
    wing = np.minimum(np.sqrt(growth), 4 / max(u[-1], v[-1], 1e-12))
    before, beyond = years <= TENORS[0], years > TENORS[-1]

    def pick(between, low, high):
        return np.where(before, low, np.where(beyond, high, between))

    return (pick(mixed[0], theta[0] * first, theta[-1] * growth),
            pick(mixed[1], u[0] * np.sqrt(first), u[-1] * wing),
            pick(mixed[2], v[0] * np.sqrt(first), v[-1] * wing))


def volatility(params, years, k):
    theta, u, v = surface(*params, years)
    return np.sqrt(np.maximum(variance(theta, u, v, k), 0) / years)


def dip(one, two):
    """How far the way from slice one to slice two fails to rise: 0 where it does.

    The condition of math/src/surface/admissible.rs at the start of the way, as a positive number
    without unit: the discriminant, where the vertex is on the falling side.
    """
    (theta, u, v), (dt, du, dv) = one, [b - a for a, b in zip(one, two)]
    # units: theta of the level, psi of the wings
    psi = (u + v) / 2
    if psi <= 0:
        return abs(du - dv)
    u, v, du, dv, dt = u / psi, v / psi, du / psi, dv / psi, dt / theta
    p, dp = (u - v) / 2, (du - dv) / 2
    cross = u * dv + v * du
    a = du * dv / 4
    b = (cross * (dp + p * dt) - 2 * u * v * dt * dp) / 4
    c = dt * (cross - u * v * dt) / 4
    if c * dt == 0 or u * v * dt - cross >= 0 or dp == 0:
        return 0.0
    falling = dt - dp * b / (2 * a) if a > 0 else dp * -b
    if falling >= 0:
        return 0.0
    return max(b * b - 4 * a * c, 0.0) ** 0.5


def free_of_butterflies(theta, u, v, slack=0.0):
    steep = max(u, v)
    return steep <= 4 + slack and (u + v) / 2 * steep <= 4 * theta + slack


def is_admissible(params, slack=1e-15):
    slices = list(zip(*params))
    return (all(free_of_butterflies(*s, slack) for s in slices)
            and all(all(b >= a - slack for a, b in zip(one, two)) and dip(one, two) <= 0
                    for one, two in zip(slices, slices[1:])))


def project(params):
    """The projection of math/src/surface/admissible.rs."""
    theta, u, v = (np.array(a, dtype=float) for a in params)
    if is_admissible((theta, u, v)):
        return theta, u, v
    for i in range(len(theta)):
        steep = max(u[i], v[i])
        psi = (u[i] + v[i]) / 2
        share = min(1, 4 / steep, (4 * theta[i] / (psi * steep)) ** 0.5) if psi > 0 else 1
        u[i], v[i] = u[i] * share, v[i] * share
    theta = np.maximum.accumulate(theta)
    u = np.minimum.accumulate(u[::-1])[::-1]
    v = np.minimum.accumulate(v[::-1])[::-1]
    for i in range(1, len(theta)):
        near, far = (theta[i - 1], u[i - 1], v[i - 1]), (theta[i], u[i], v[i])
        if dip(near, far) <= 0:
            continue
        both = min(far[1] - near[1], far[2] - near[2])
        start = (near[1] + both, near[2] + both)
        low, high = 0.0, 1.0
        for _ in range(32):
            share = (low + high) / 2
            wings = [s + share * (f - s) for s, f in zip(start, far[1:])]
            low, high = (share, high) if dip(near, (far[0], *wings)) <= 0 else (low, share)
        low -= low * 2**-20
        u[i], v[i] = (s + low * (f - s) for s, f in zip(start, far[1:]))
    return theta, u, v


def fit_slice(years, k, vols):
    """One expiry's slice; parameters through which every start stays in range."""

    def unpack(x):
        theta, rho = np.exp(x[0]), RHO_MAX * np.tanh(x[1])
        steep = 1 + abs(rho)
        psi = min(4 / steep, (4 * theta / steep) ** 0.5) / (1 + np.exp(-x[2]))
        return theta, psi * (1 + rho), psi * (1 - rho)

    def residuals(x):
        return (np.sqrt(variance(*unpack(x), k) / years) - vols) * 100 / POINTS

    at_money = vols[np.argmin(abs(k))]
    starts = [np.array([np.log(at_money**2 * years), rho, 0.0]) for rho in (-0.5, 0.0, 0.5)]
    fits = [least_squares(residuals, x, method="trf") for x in starts]
    return unpack(min(fits, key=lambda f: f.cost).x)


def raw_svi(years, k, vols):
    """Errors of five-parameter SVI, arbitrage or not: what the form with three cannot follow."""

    def residuals(x):
        bend = np.sqrt((k - x[3]) ** 2 + np.exp(2 * x[4]))
        w = x[0] + np.exp(x[1]) * (np.tanh(x[2]) * (k - x[3]) + bend)
        return np.sqrt(np.maximum(w, 1e-9) / years) - vols

    level = 0.3 * vols.min() ** 2 * years
    fits = [least_squares(lambda x: 100 * residuals(x),
                          [level, np.log(0.05), -0.3, centre, np.log(0.1)], max_nfev=2000)
            for centre in (-0.1, 0.0, 0.1)]
    return residuals(min(fits, key=lambda f: f.cost).x)


def per_expiry(quotes):
    """Tenor slices read off the expiries' own slices, and the errors of those and of raw SVI."""
    expiries = {}
    for expiry, years, k, vol in quotes:
        expiries.setdefault(expiry, []).append((years, k, vol))
    slices, inside, raw = [], [], []
    for rows in expiries.values():
        years, k, vols = np.array(rows).T
        if len(rows) >= 4:
            slices.append((years.mean(), *fit_slice(years.mean(), k, vols)))
            inside.append(np.sqrt(variance(*slices[-1][1:], k) / years) - vols)
            raw.append(raw_svi(years.mean(), k, vols))
    slices.sort()
    times = np.array([s[0] for s in slices])
    params = []
    for column, power in ((1, 1.0), (2, 0.5), (3, 0.5)):
        values = np.array([s[column] for s in slices])
        # outside the expiries in proportion to T and sqrt(T)
        low = np.minimum(TENORS / times[0], 1) ** power
        high = np.maximum(TENORS / times[-1], 1) ** power
        params.append(np.interp(TENORS, times, values) * low * high)
    return project(params), np.concatenate(inside), np.concatenate(raw)


def joint(quotes, start):
    """Tenor slices fitted to all quotes through the interpolation."""
    years, k, vols = (np.array([q[i] for q in quotes]) for i in (1, 2, 3))
    floor = 1e-9

    def unpack(x):
        steps = np.exp(np.clip(x, -40, 5)).reshape(3, -1)
        return tuple(np.cumsum(row) for row in steps)

    def residuals(x):
        params = unpack(x)
        off = (volatility(params, years, k) - vols) * 100 / POINTS
        slices = list(zip(*params))
        dips = [30 * dip(a, b) for a, b in zip(slices, slices[1:])]
        butterflies = [max(0, (u + v) / 2 * max(u, v) / theta / 4 - 1) * 100 for theta, u, v in slices]
        theta, u, v = params
        rates = [np.log(row) for row in (theta / TENORS, u / TENORS**0.5, v / TENORS**0.5)]
        bends = [STIFFNESS * np.diff(row, 2) for row in rates]
        return np.concatenate([off, dips, butterflies, *bends])

    best = None
    steps = [np.diff(np.concatenate([[0], row])) for row in start]
    x = np.log(np.maximum(np.concatenate(steps), floor))
    for loss in ("linear", "soft_l1"):
        fit = least_squares(residuals, x, loss=loss, max_nfev=400)
        params = project(unpack(fit.x))
        share = within(params, quotes)
        if best is None or share > best[0]:
            best = (share, params)
        x = fit.x
    return best[1]


def errors(params, quotes):
    years, k, vols = (np.array([q[i] for q in quotes]) for i in (1, 2, 3))
    return abs(volatility(params, years, k) - vols) * 100


def within(params, quotes):
    return np.mean(errors(params, quotes) <= POINTS)


def fit_carry(expiries):
    """Carry at the tenors: carry T linear between them, carry constant outside, least squares."""
    years, logs = expiries.T

    def mean(x):
        inner = np.interp(years, TENORS, x * TENORS)
        return np.where(years < TENORS[0], x[0] * years,
                        np.where(years > TENORS[-1], x[-1] * years, inner))

    start = np.interp(TENORS, years[np.argsort(years)], (logs / years)[np.argsort(years)])
    # a little stiffness holds tenors that no expiry speaks for
    fit = least_squares(
        lambda x: np.concatenate([(mean(x) - logs) / np.sqrt(years), 1e-3 * np.diff(x)]), start)
    return fit.x


def report(title, off, quotes=None):
    print(f"  {title:<34} mean {off.mean():.2f}, p95 {np.quantile(off, 0.95):.2f}, "
          f"within {POINTS}: {np.mean(off <= POINTS):.1%}")
    if quotes is None:
        return
    for expiry in sorted({q[0] for q in quotes}):
        chosen = np.array([q[0] == expiry for q in quotes])
        days = 365 * next(q[1] for q in quotes if q[0] == expiry)
        part = off[chosen]
        print(f"    {expiry[:10]} {days:6.1f} d {len(part):4} quotes: mean {part.mean():.2f}, "
              f"most {part.max():.2f}, within {np.mean(part <= POINTS):.1%}")


def write(folder, chain, name, params, carry):
    path = os.path.join(folder, f"{os.path.splitext(chain)[0]}_{name}_slices.csv")
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["underlying", "days", "theta", "rho", "psi", "carry", "rate"])
        for i, days in enumerate(DAYS):
            theta, u, v = (a[i] for a in params)
            psi = (u + v) / 2
            rho = np.clip((u - v) / (u + v), -RHO_MAX, RHO_MAX) if psi > 0 else 0.0
            out.writerow([name, days, *(f"{x:.18f}" for x in (theta, rho, psi, carry[i], 0.0))])
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chain", help="a chain, or a folder of chains (*.csv)")
    parser.add_argument("--out", default=".", help="folder for the slices")
    parser.add_argument("--detail", action="store_true", help="errors by expiry")
    arguments = parser.parse_args()
    if os.path.isdir(arguments.chain):
        names = sorted(n for n in os.listdir(arguments.chain) if n.endswith(".csv"))
        chains = [os.path.join(arguments.chain, name) for name in names]
    else:
        chains = [arguments.chain]
    if not chains:
        sys.exit("no chain found")
    os.makedirs(arguments.out, exist_ok=True)
    for chain in chains:
        quotes, carries = read_chain(chain)
        for name in sorted(quotes):
            print(f"{os.path.basename(chain)} {name}: {len(quotes[name])} liquid strikes")
            start, own, raw = per_expiry(quotes[name])
            report("five-parameter SVI per expiry", abs(raw) * 100)
            report("a slice per expiry by itself", abs(own) * 100)
            report("per expiry, read at the tenors", errors(start, quotes[name]))
            best = joint(quotes[name], start)
            detail = quotes[name] if arguments.detail else None
            report("joint", errors(best, quotes[name]), detail)
            if not is_admissible(best):
                sys.exit(f"{chain} {name}: not admissible")
            print("  written", write(arguments.out, os.path.basename(chain), name, best,
                                     fit_carry(carries[name])))


if __name__ == "__main__":
    main()
