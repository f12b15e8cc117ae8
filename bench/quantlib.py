#!/usr/bin/env python3
"""Times QuantLib (C++) on the options of the benchmark: call, put and five Greeks by Black-76.

Needs the package QuantLib of PyPI. `scripts/bench quantlib` installs it and runs this.

Calls from Python cost ten times the formula. The time of as many calls that compute nothing is subtracted;
what is left is QuantLib's own work, two `BlackCalculator`s and seven results, to a factor of two.
"""

import math
import time

import QuantLib as ql

MASK = 2**64 - 1


def words(seed):
    """SplitMix64, as bench/workloads/src/inputs.rs has it."""
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def quotes():
    """The 64 options of bench/workloads/src/inputs.rs."""
    random = words(76)

    def millionths(low, high):
        return low + next(random) % (high - low + 1)

    options = []
    for _ in range(64):
        forward = millionths(54_000_000_000, 66_000_000_000)
        strike = forward // 1_000_000 * millionths(600_000, 1_600_000)
        volatility = millionths(250_000, 1_500_000)
        years = millionths(2_740, 1_500_000)
        rate = millionths(0, 80_000)
        options.append([value / 1e6 for value in (forward, strike, volatility, years, rate)])
    return options


def full(call, put, forward, deviation, discount, years):
    """Call, put, delta, gamma, vega, theta, rho, all by QuantLib."""
    call = ql.BlackCalculator(call, forward, deviation, discount)
    put = ql.BlackCalculator(put, forward, deviation, discount)
    return (
        call.value(),
        put.value(),
        call.deltaForward(),
        call.gammaForward(),
        call.vega(years),
        call.theta(forward, years),
        call.rho(years),
    )


class Nothing:
    """As many calls into compiled code as `full` makes, none of which computes anything."""

    def __init__(self):
        self.handle = ql.SimpleQuote(1.0)

    def __call__(self, *_):
        handle = self.handle
        ql.SimpleQuote(1.0)
        ql.SimpleQuote(1.0)
        return tuple(handle.value() for _ in range(7))


def fastest(work, arguments, runs=400):
    """Nanoseconds per piece of work: the fastest of many short runs."""
    best = math.inf
    for _ in range(runs):
        began = time.perf_counter_ns()
        for argument in arguments:
            work(*argument)
        best = min(best, time.perf_counter_ns() - began)
    return best / len(arguments)


def main():
    payoff = ql.PlainVanillaPayoff
    arguments = [
        (
            payoff(ql.Option.Call, strike),
            payoff(ql.Option.Put, strike),
            forward,
            volatility * math.sqrt(years),
            math.exp(-rate * years),
            years,
        )
        for forward, strike, volatility, years, rate in quotes()
    ]
    total, calls = fastest(full, arguments), fastest(Nothing(), arguments)
    print(f"QuantLib {ql.__version__}: Black-76 call, put, five Greeks")
    print(f"  {total:.0f} ns from Python, of which {calls:.0f} ns are calls: native_ns {total - calls:.0f}")


if __name__ == "__main__":
    main()
