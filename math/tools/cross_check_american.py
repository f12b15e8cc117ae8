#!/usr/bin/env python3
"""Checks the American bounds from outside.

    python3 math/tools/cross_check_american.py                        # against QuantLib (pip install QuantLib)
    python3 math/tools/cross_check_american.py --formulas 2000        # against the formulas to 40 digits (mpmath)
    python3 math/tools/cross_check_american.py --nodes                # the quadratures' tables and error bound
    python3 math/tools/cross_check_american.py --vectors 150 > math/tests/vectors/american.csv

Against QuantLib: random options of two regions; the true value is that of Andersen, Lake and Offengenden
(2015), QuantLib's QdFpAmericanEngine at its highest precision, which agrees with a tree of 4,000 steps
(Black-Scholes at the last one, extrapolated) to the tree's own error. Printed per value: the mean distance
from the true value, the largest above and below it, all in per cent of the strike, and how many
options lie below and above it by more than 1e-6 of the strike.

The values come from the example `american`, through a pipe: nothing here is shared with the crate.
Deterministic in seed and number of points.
"""
import argparse
import math
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VALUES = ("european", "whaley", "flat", "lower", "upper")
# volatility, years, largest rate, largest carry either way, deviations of the spot from the strike
REGIONS = {
    "usual": ((0.2, 2.0), (1 / 365, 180 / 365), 0.10, 0.20, 1.5),
    "wide": ((0.05, 3.0), (1 / 365, 3.0), 0.20, 0.30, 1.5),
}
SLACK = 1e-6


def draw(rng, region):
    """(kind, spot, volatility, days, rate, carry) with a strike of 100, in few decimals."""
    (low, high), (short, long), rate_max, carry_max, deviations = REGIONS[region]
    volatility = round(math.exp(rng.uniform(math.log(low), math.log(high))), 4)
    days = max(1, round(365 * math.exp(rng.uniform(math.log(short), math.log(long)))))
    rate = rng.choice([0.0, round(rng.uniform(0, rate_max), 5), round(rng.uniform(0, rate_max / 4), 5)])
    carry = rng.choice([0.0, rate, round(rng.uniform(-carry_max, carry_max), 5), round(rng.gauss(0, carry_max / 6), 5)])
    moneyness = deviations * rng.gauss(0, 1) * volatility * math.sqrt(days / 365)
    spot = round(100 * math.exp(max(-1.5, min(1.5, moneyness))), 4)
    return rng.choice(["call", "put"]), spot, volatility, days, rate, carry


def decimal(value):
    return f"{value:.17f}"


def integer_values(options, binary):
    """The crate's values of (kind, spot, volatility, years, rate, carry), strike 100."""
    lines = [
        ",".join([decimal(s), "100", decimal(v), decimal(t), decimal(r), decimal(b), k])
        for k, s, v, t, r, b in options
    ]
    command = [binary] if binary else ["cargo", "run", "-q", "--release", "-p", "ballast-math", "--example", "american"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, cwd=ROOT, check=True)
    rows = done.stdout.split()
    assert len(rows) == len(options), (len(rows), len(options))
    return rows


def quantlib_value(ql, kind, spot, volatility, days, rate, carry):
    today = ql.Date(1, 1, 2025)
    ql.Settings.instance().evaluationDate = today
    count = ql.Actual365Fixed()

    def curve(value):
        return ql.YieldTermStructureHandle(ql.FlatForward(today, value, count))

    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)),
        curve(rate - carry),
        curve(rate),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), volatility, count)),
    )
    right = ql.Option.Call if kind == "call" else ql.Option.Put
    option = ql.VanillaOption(ql.PlainVanillaPayoff(right, 100.0), ql.AmericanExercise(today, today + days))
    engines = {
        "true": ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.highPrecisionScheme()),
        "whaley": ql.BaroneAdesiWhaleyApproximationEngine(process),
        "flat": ql.BjerksundStenslandApproximationEngine(process),
    }
    values = {}
    for name, engine in engines.items():
        option.setPricingEngine(engine)
        try:
            values[name] = option.NPV()
        except RuntimeError:
            values[name] = None
    return values


def against_quantlib(points, seed, binary):
    try:
        import QuantLib as ql
    except ImportError:
        sys.exit("QuantLib is not installed (pip install QuantLib); --formulas needs mpmath only")
    for region in REGIONS:
        rng = random.Random(seed)
        options = [draw(rng, region) for _ in range(points)]
        rows = integer_values([(k, s, v, d / 365, r, b) for k, s, v, d, r, b in options], binary)
        table, same, refused, worst = [], {"whaley": [], "flat": []}, 0, {}
        for option, row in zip(options, rows):
            if row.startswith("error"):
                refused += 1
                continue
            value = dict(zip(VALUES, map(float, row.split(","))))
            other = quantlib_value(ql, *option)
            # where the engine has no answer there is nothing to compare
            if other["true"] is None:
                refused += 1
                continue
            kind, spot = option[:2]
            floor = max(value["european"], (spot - 100) * (1 if kind == "call" else -1), 0)
            true = max(other["true"], floor)
            table.append((true - value["european"], {name: value[name] - true for name in VALUES}))
            for name in same:
                # QuantLib's own have no floor of the European value
                if other[name] is not None:
                    same[name].append(abs(value[name] - max(other[name], floor)))
            for name in ("whaley", "flat", "lower", "upper"):
                gap = value[name] - true
                if name not in worst or abs(gap) > abs(worst[name][0]):
                    worst[name] = (gap, option)
        print(f"{region}: {len(table)} options, {refused} without a value; all in % of the strike")
        premium = [p for p, _ in table]
        print(f"  early exercise premium: mean {sum(premium) / len(premium):.4f}, largest {max(premium):.4f}")
        print(f"  {'value':<10}{'mean gap':>10}{'above':>10}{'below':>10}{'too high':>10}{'too low':>10}")
        for name in VALUES:
            gaps = [g[name] for _, g in table]
            high = sum(g > 100 * SLACK for g in gaps) / len(gaps)
            low = sum(g < -100 * SLACK for g in gaps) / len(gaps)
            mean = sum(map(abs, gaps)) / len(gaps)
            print(
                f"  {name:<10}{mean:>10.5f}{max(0, max(gaps)):>10.5f}{max(0, -min(gaps)):>10.5f}"
                f"{high:>10.1%}{low:>10.1%}"
            )
        for name, (gap, option) in worst.items():
            print(f"  largest gap of {name}: {gap:+.5f} at {option}")
        for name, gaps in same.items():
            gaps.sort()
            print(
                f"  {name} against QuantLib's engine: median {gaps[len(gaps) // 2]:.1e}, "
                f"99% {gaps[len(gaps) * 99 // 100]:.1e}, largest {gaps[-1]:.1e}"
            )


def print_vectors(points, seed):
    """True values of options of both regions that are worth waiting for and have a premium."""
    import QuantLib as ql

    print("kind,spot,strike,volatility,days,rate,carry,value")
    for region in REGIONS:
        rng = random.Random(seed)
        left = points
        while left:
            option = kind, spot, volatility, days, rate, carry = draw(rng, region)
            value = quantlib_value(ql, *option)["true"]
            gain = max(0, (spot - 100) if kind == "call" else (100 - spot))
            european = (kind == "call" and carry >= rate) or (kind == "put" and rate == 0 and carry <= 0)
            if value is not None and not european and value > gain + 1e-3:
                print(f"{kind},{spot},100,{volatility},{days},{rate:.5f},{carry:.5f},{value:.9f}")
                left -= 1


class Formulas:
    """The formulas of `american`, plainly, in 40 digits: the European value has no shortcut here."""

    def __init__(self):
        import mpmath

        self.mp = mpmath.mp
        self.mp.dps = 40
        self.mpf = mpmath.mpf
        self.m = mpmath
        self.rho = mpmath.sqrt((mpmath.sqrt(5) - 1) / 2)
        self.glx = gauss_legendre(mpmath, 40)

    def cdf(self, x):
        return self.m.erfc(-x / self.m.sqrt(2)) / 2

    def bivariate(self, x, y, sign):
        angle = self.m.asin(sign * self.rho)
        total = 0
        for node, weight in self.glx:
            s = self.m.sin(angle * (node + 1) / 2)
            total += weight * self.m.exp(-(x * x + y * y - 2 * x * y * s) / (2 * (1 - s * s)))
        return self.cdf(x) * self.cdf(y) + total * angle / (4 * self.m.pi)

    def european(self, e, x, t, r, b, sigma):
        v = sigma * self.m.sqrt(t)
        d1 = (self.m.log(x) + b * t) / v + v / 2
        return e * (x * self.m.exp((b - r) * t) * self.cdf(e * d1) - self.m.exp(-r * t) * self.cdf(e * (d1 - v)))

    def whaley(self, e, x, t, r, b, sigma):
        m, v = self.m, sigma * self.m.sqrt(t)
        lean = 2 * b / sigma**2 - 1
        annuity = t if r == 0 else (1 - m.exp(-r * t)) / r
        q = (-lean + e * m.sqrt(lean**2 + 8 / (sigma**2 * annuity))) / 2

        def parts(y):
            d1 = (y + b * t) / v + v / 2
            spot = 1 - m.exp((b - r) * t) * self.cdf(e * d1)
            strike = 1 - m.exp(-r * t) * self.cdf(e * (d1 - v))
            return m.exp(y) * spot * (1 - 1 / q) - strike, strike

        low, high = (self.mpf(0), self.mpf(44)) if e > 0 else (self.mpf(-44), self.mpf(0))
        for _ in range(110):
            middle = (low + high) / 2
            low, high = (middle, high) if parts(middle)[0] < 0 else (low, middle)
        if e * m.log(x) >= e * low:
            return e * (x - 1)
        return self.european(e, x, t, r, b, sigma) + parts(low)[1] / abs(q - 1) * m.exp(q * (m.log(x) - low))

    def stensland(self, x, t, r, b, sigma):
        """The value of 1993 of a call, and the larger of that and the value of 2002."""
        m = self.m
        var = sigma**2
        root = m.sqrt((b / var - 0.5) ** 2 + 2 * r / var)
        # without a yield beta may be 1 and the perpetual boundary nowhere: next to it is as good
        beta = max(0.5 - b / var + root, 1 + self.mpf(10) ** -25)
        top, start = beta / (beta - 1), max(self.mpf(1), r / (r - b)) if r > 0 else self.mpf(1)

        def boundary(years, factor):
            h = max(self.mpf(0), b * years + 2 * sigma * m.sqrt(years)) * factor / (top - start)
            return start + (top - start) * (1 - m.exp(-h))

        step = self.rho**2 * t
        i1, i2, i0 = boundary(step, 1 / start), boundary(t, 1 / start), boundary(t, start)
        i2 = max(i1, i2)

        def phi(years, g, h, i):
            mu, v = b + (g - 0.5) * var, sigma * m.sqrt(years)
            kappa = 2 * mu / var
            lam = (-r + g * b + g * (g - 1) * var / 2) * years
            d = -(m.log(x / h) + mu * years) / v
            return m.exp(lam) * x**g * (self.cdf(d) - (i / x) ** kappa * self.cdf(d - 2 * m.log(i / x) / v))

        def psi(g, h):
            mu, v1, v = b + (g - 0.5) * var, sigma * m.sqrt(step), sigma * m.sqrt(t)
            kappa = 2 * mu / var
            lam = (-r + g * b + g * (g - 1) * var / 2) * t
            e1 = (m.log(x / i1) + mu * step) / v1
            e2 = (m.log(i2**2 / (x * i1)) + mu * step) / v1
            e3 = (m.log(x / i1) - mu * step) / v1
            e4 = (m.log(i2**2 / (x * i1)) - mu * step) / v1
            f1 = (m.log(x / h) + mu * t) / v
            f2 = (m.log(i2**2 / (x * h)) + mu * t) / v
            f3 = (m.log(i1**2 / (x * h)) + mu * t) / v
            f4 = (m.log(x * i1**2 / (h * i2**2)) + mu * t) / v
            return m.exp(lam) * x**g * (
                self.bivariate(-e1, -f1, 1)
                - (i2 / x) ** kappa * self.bivariate(-e2, -f2, 1)
                - (i1 / x) ** kappa * self.bivariate(-e3, -f3, -1)
                + (i1 / i2) ** kappa * self.bivariate(-e4, -f4, -1)
            )

        a0, a1, a2 = ((i - 1) * i**-beta for i in (i0, i1, i2))
        flat = stepping = x - 1
        if x < i0:
            flat = (
                a0 * x**beta - a0 * phi(t, beta, i0, i0) + phi(t, 1, i0, i0) - phi(t, 1, 1, i0)
                - phi(t, 0, i0, i0) + phi(t, 0, 1, i0)
            )
        if x < i2:
            stepping = (
                a2 * x**beta - a2 * phi(step, beta, i2, i2) + phi(step, 1, i2, i2) - phi(step, 1, i1, i2)
                - phi(step, 0, i2, i2) + phi(step, 0, i1, i2) + a1 * phi(step, beta, i1, i2)
                - a1 * psi(beta, i1) + psi(1, i1) - psi(1, 1) - psi(0, i1) + psi(0, 1)
            )
        return flat, max(flat, stepping)

    def values(self, kind, spot, volatility, years, rate, carry):
        """European, whaley, flat, lower with a strike of 100."""
        s, v, t, r, b = (self.mpf(decimal(x)) for x in (spot, volatility, years, rate, carry))
        e = 1 if kind == "call" else -1
        x = s / 100
        european = self.european(e, x, t, r, b, v)
        floor = max(european, e * (x - 1), 0)
        # the option as a call
        scale, x1, r1, b1 = (1, x, r, b) if kind == "call" else (x, 1 / x, r - b, -b)
        if r1 - b1 <= 0 and r1 >= 0:
            return [100 * value for value in (european, floor, floor, floor)]
        whaley = max(floor, self.whaley(e, x, t, r, b, v))
        flat, stepping = (max(floor, scale * value) for value in self.stensland(x1, t, r1, b1, v))
        return [100 * value for value in (european, whaley, flat, stepping)]


def against_formulas(points, seed, binary):
    formulas = Formulas()
    for region in REGIONS:
        rng = random.Random(seed + 1)
        options = [(k, s, v, d / 365, r, b) for k, s, v, d, r, b in (draw(rng, region) for _ in range(points))]
        rows = integer_values(options, binary)
        worst = {name: (0, None) for name in VALUES[:4]}
        for option, row in zip(options, rows):
            if row.startswith("error"):
                continue
            got = [formulas.mpf(text) for text in row.split(",")]
            scale = max(100, option[1])
            for name, value, exact in zip(worst, got, formulas.values(*option)):
                gap = abs(value - exact) / scale
                if gap > worst[name][0]:
                    worst[name] = (gap, option)
        print(f"{region}: {points} options, largest distance from the formula over max(S, K)")
        for name, (gap, option) in worst.items():
            print(f"  {name:<10}{float(gap):.1e}  {option}")


def gauss_legendre(m, n):
    """Nodes and weights on [-1, 1], by Newton's steps from Tricomi's approximation."""
    out = []
    for k in range(n, 0, -1):
        x = m.cos(m.pi * (k - m.mpf(1) / 4) / (n + m.mpf(1) / 2))
        for _ in range(12):
            before, now = m.mpf(1), x
            for j in range(2, n + 1):
                before, now = now, ((2 * j - 1) * x * now - (j - 1) * before) / j
            slope = n * (x * now - before) / (x * x - 1)
            x -= now / slope
        out.append((x, 2 / ((1 - x * x) * slope**2)))
    return out


def print_nodes():
    import mpmath as m

    m.mp.dps = 60

    def bits(value):
        return f"{int(m.nint(m.ldexp(value, 64))):_}"

    rho = m.sqrt((m.sqrt(5) - 1) / 2)
    angle = m.asin(rho)
    print("bivariate.rs: rho, 1/rho, rho^2:", bits(rho), bits(1 / rho), bits(rho**2))
    for node, weight in gauss_legendre(m, 10):
        s = m.sin(angle * (node + 1) / 2)
        square = 1 - s * s
        print(f"\t({bits(1 / (8 * square))}, {bits(s / square / 4)}, {bits(weight * angle / (4 * m.pi))}),")
    ellipse, least = m.mpf("3.52"), m.mpf(1)
    for k in range(20_000):
        u = ellipse * m.expjpi(m.mpf(k) / 10_000)
        s = m.sin(angle / 2 * (1 + (u + 1 / u) / 2))
        least = min(least, m.re(1 / (1 + s)), m.re(1 / (1 - s)))
    bound = m.mpf(64) / 15 / (ellipse**20 * (1 - ellipse**-2)) * angle / (4 * m.pi)
    print("least eigenvalue of the real part on the ellipse:", m.nstr(least, 4), "error bound:", m.nstr(bound, 4))
    print("ceiling.rs:")
    for node, weight in reversed(gauss_legendre(m, 8)):
        z = (node + 1) / 2
        print(f"\t({bits(z)}, {bits(weight * z)}),")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--points", type=int, default=5_000, help="random options per region")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formulas", type=int, metavar="N", help="compare N options per region with the formulas")
    parser.add_argument("--nodes", action="store_true", help="print the tables of the quadratures")
    parser.add_argument("--vectors", type=int, metavar="N", help="print N true values per region (needs QuantLib)")
    parser.add_argument("--binary", help="the compiled example, instead of cargo run")
    arguments = parser.parse_args()
    if arguments.nodes:
        print_nodes()
    elif arguments.vectors:
        print_vectors(arguments.vectors, arguments.seed)
    elif arguments.formulas:
        against_formulas(arguments.formulas, arguments.seed, arguments.binary)
    else:
        against_quantlib(arguments.points, arguments.seed, arguments.binary)


if __name__ == "__main__":
    main()
