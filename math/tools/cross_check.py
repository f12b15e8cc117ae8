#!/usr/bin/env python3
"""Compares Black-76 prices and Greeks with QuantLib, which shares no code and no formula layout with us.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install QuantLib
    /tmp/oracle/bin/python math/tools/cross_check.py [--points 20000] [--seed 1]

Optional: nothing else needs QuantLib. Options are priced by `examples/price.rs` (18 decimals, exact
arguments) and by QuantLib's BlackCalculator (binary floating point, 53 bits). Prints the largest
differences, in the scale of each bound (over v for what depends on d1, since a float's logarithm of F/K
has an absolute error of 1e-16); ends with an error if one is beyond what 53 bits explain.

QuantLib's rho moves the forward with the rate, ours holds it: rho = T (delta F - V) there, -T V here. Its theta
is taken at a spot equal to the forward, where carry is zero and both mean the same.
"""
import argparse
import math
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# floats: exp and the distribution function lose a few of their 2^-53 to arguments of some size
TOLERANCE = {"price": 4e-15, "delta": 4e-15, "gamma": 4e-14, "vega": 2e-14, "theta": 2e-14, "rho": 4e-15}


def decimals(x):
    """A float cut to the 18 decimals of the example's input."""
    return f"{Decimal(x):.18f}"


def options(points, seed):
    rng = random.Random(seed)
    for _ in range(points):
        forward = 10 ** rng.uniform(-1, 6)
        volatility = math.exp(rng.uniform(math.log(0.011), math.log(9.9)))
        years = math.exp(rng.uniform(math.log(1 / 8760), math.log(2.99)))
        log = rng.choice((rng.uniform(-6.9, 6.9), rng.gauss(0, 2) * volatility * math.sqrt(years)))
        strike = forward * math.exp(max(-6.9, min(6.9, log)))
        discount = math.exp(-rng.choice((0.0, rng.uniform(-0.1, 0.3))) * years)
        kind = rng.choice(("call", "put"))
        numbers = [decimals(x) for x in (forward, strike, volatility, years, discount)]
        yield [float(x) for x in numbers], kind, ",".join([*numbers, kind])


def quantlib(ql, numbers, kind):
    """(price, delta, gamma, vega, theta, rho) as defined by `ballast_math::black76::Greeks`."""
    forward, strike, volatility, years, discount = numbers
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if kind == "call" else ql.Option.Put, strike)
    black = ql.BlackCalculator(payoff, forward, volatility * math.sqrt(years), discount)
    price = black.value()
    return (
        price,
        black.deltaForward(),
        black.gammaForward(),
        black.vega(years),
        black.theta(forward, years),
        -years * price,
    )


def scales(numbers, ours):
    forward, strike, volatility, years, discount = numbers
    larger = max(forward, strike) * max(1.0, discount)
    rate = abs(math.log(discount) / years)
    _, _, gamma, vega, _, _ = ours
    decay = vega * volatility / (2 * years)
    # in floats ln(F/K) has an error of 1e-16, which d1 has over v
    bent = max(1.0, 1 / (volatility * math.sqrt(years)))
    return {
        "price": larger,
        "delta": bent,
        "gamma": bent * max(1.0, gamma * forward) / forward,
        "vega": bent * forward,
        "theta": bent * (max(forward, decay) + rate * larger),
        "rho": years * larger,
    }


def main():
    parser = argparse.ArgumentParser(description="Black-76 against QuantLib.")
    parser.add_argument("--points", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    try:
        import QuantLib as ql
    except ImportError:
        sys.exit("QuantLib is not installed: see the head of this script")
    cases = list(options(a.points, a.seed))
    command = ["cargo", "run", "--quiet", "--release", "-p", "ballast-math", "--example", "price"]
    text = "\n".join(line for _, _, line in cases) + "\n"
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=True)
    answers = done.stdout.split()
    assert len(answers) == len(cases), (len(answers), len(cases))
    worst = {name: (0.0, "") for name in TOLERANCE}
    refused = 0
    for (numbers, kind, line), answer in zip(cases, answers):
        if answer.startswith("error"):
            refused += 1
            continue
        ours = [float(x) for x in answer.split(",")]
        scale = scales(numbers, ours)
        # the example's last decimal
        for name, mine, theirs in zip(TOLERANCE, ours, quantlib(ql, numbers, kind)):
            gap = max(0.0, abs(mine - theirs) - 1e-18) / scale[name]
            if gap >= worst[name][0]:
                worst[name] = (gap, line)
    print(f"QuantLib {ql.__version__}, {len(cases)} options, {refused} refused")
    for name, (gap, line) in worst.items():
        print(f"  {name:6} {gap:9.2e}  at {line}")
    beyond = [name for name, (gap, _) in worst.items() if gap > TOLERANCE[name]]
    if beyond or refused:
        sys.exit(f"beyond what floats explain: {beyond}, refused: {refused}")


if __name__ == "__main__":
    main()
