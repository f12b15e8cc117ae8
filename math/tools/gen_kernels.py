#!/usr/bin/env python3
"""Writes src/kernels/tables.rs: the tables and polynomials of the kernels, with a bound per cell.

    python3 math/tools/gen_kernels.py            # rewrites the file (deterministic)
    python3 math/tools/gen_kernels.py --check    # fails if the committed file differs

Needs mpmath. Every polynomial interpolates its function at Chebyshev nodes and is then rounded to
64 fractional bits; the error of the *rounded* polynomial over its whole cell is bounded, not
sampled: the difference from a Taylor polynomial long enough that its remainder is negligible is
written in Bernstein form, whose coefficients enclose it.
"""
import sys
from pathlib import Path

from mpmath import (
    mp, mpf, matrix, lu_solve,
    binomial, ceil, cos, erfc, exp, factorial, floor, ldexp, ln, log, nint, pi, sqrt,
)

mp.prec = 320
OUT = Path(__file__).resolve().parent.parent / "src" / "kernels" / "tables.rs"

MILLS_CELLS = 180  # cells of 1/16: arguments up to 11.25
MILLS_DEGREE = 9
EXP_DEGREE = 4
LN_DEGREE = 6
BOUND_BITS = 80  # cell bounds are written in units of 2^-80


def q64(x):
    """To nearest in 64 fractional bits; must fit an unsigned word."""
    n = int(nint(ldexp(x, 64)))
    assert 0 <= n < 2**64, x
    return n


def interpolate(f, width, degree):
    """Monomial coefficients of the polynomial through f at the Chebyshev nodes of [0, width]."""
    n = degree + 1
    nodes = [width / 2 * (1 - cos(pi * (2 * k + 1) / (2 * n))) for k in range(n)]
    a = matrix(n, n)
    b = matrix(n, 1)
    for i, t in enumerate(nodes):
        for j in range(n):
            a[i, j] = t**j
        b[i] = f(t)
    return list(lu_solve(a, b))


def bernstein_bound(coeffs, width):
    """Upper bound of |sum c_k t^k| on [0, width], from the Bernstein coefficients on 4 parts."""
    n = len(coeffs) - 1
    worst = mpf(0)
    parts = 4
    for part in range(parts):
        lo, h = width * part / parts, width / parts
        # shift the origin to lo, then scale to [0, 1]
        shifted = [
            sum(coeffs[j] * binomial(j, k) * lo ** (j - k) for j in range(k, n + 1)) * h**k
            for k in range(n + 1)
        ]
        for i in range(n + 1):
            bern = sum(binomial(i, k) / binomial(n, k) * shifted[k] for k in range(i + 1))
            worst = max(worst, abs(bern))
    return worst


def cell_bound(words, signs, taylor, remainder, width):
    """Bound of |rounded polynomial - function| in units of 2^-BOUND_BITS, rounded up."""
    size = max(len(words), len(taylor))
    diff = []
    for k in range(size):
        p = signs(k) * ldexp(mpf(words[k]), -64) if k < len(words) else mpf(0)
        diff.append(p - (taylor[k] if k < len(taylor) else 0))
    bound = bernstein_bound(diff, width) + remainder
    return int(ceil(ldexp(bound, BOUND_BITS)))


def alternating(k):
    return -1 if k % 2 else 1


def positive(_k):
    return 1


def mills(x):
    """exp(x^2 / 2) Phi(-x): the Mills ratio over sqrt(2 pi)."""
    return exp(x * x / 2) * erfc(x / sqrt(mpf(2))) / 2


def mills_taylor(x, order):
    """Taylor coefficients at x: R' = x R - 1/sqrt(2 pi), (n+1) c_{n+1} = x c_n + c_{n-1}."""
    c = [mills(x)]
    c.append(x * c[0] - 1 / sqrt(2 * pi))
    for n in range(1, order):
        c.append((x * c[n] + c[n - 1]) / (n + 1))
    return c


def mills_cells():
    width = mpf(1) / 16
    order = 24
    rows, bounds = [], []
    for i in range(MILLS_CELLS):
        left = mpf(i) / 16
        coeffs = interpolate(lambda t: mills(left + t), width, MILLS_DEGREE)
        words = []
        for k, c in enumerate(coeffs):
            c = alternating(k) * c
            assert c > 0, (i, k, c)
            words.append(q64(c))
        # Horner with subtraction must not go below zero: c_k > t * (what follows, at most c_{k+1}).
        for k in range(MILLS_DEGREE):
            assert words[k] > words[k + 1] * width, (i, k)
        with mp.workprec(1200):
            taylor = mills_taylor(left, order)
        # The function is completely monotone (it is the Laplace transform of a positive density),
        # so its Taylor series at the left edge alternates and the remainder is below the last term.
        remainder = abs(taylor[order]) * width**order
        rows.append(words)
        bounds.append(cell_bound(words, alternating, taylor, remainder, width))
    return rows, bounds


def exp_poly():
    """(1 - (1 - exp(-t)) / t) / t on [0, 2^-8]: sum (-t)^k / (k + 2)!"""
    width = mpf(1) / 256
    order = 30

    def f(t):
        return sum(alternating(k) * t**k / factorial(k + 2) for k in range(60))

    coeffs = interpolate(f, width, EXP_DEGREE)
    words = [q64(alternating(k) * c) for k, c in enumerate(coeffs)]
    taylor = [alternating(k) / factorial(k + 2) for k in range(order)]
    remainder = width**order / factorial(order + 2)
    return words, cell_bound(words, alternating, taylor, remainder, width)


def ln_poly():
    """(-ln(1 - t) / t - 1) / t on [0, 2^-7]: sum t^k / (k + 2)"""
    width = mpf(1) / 128
    order = 60

    def f(t):
        return sum(t**k / (k + 2) for k in range(120))

    coeffs = interpolate(f, width, LN_DEGREE)
    words = [q64(c) for c in coeffs]
    taylor = [mpf(1) / (k + 2) for k in range(order)]
    remainder = 2 * width**order / (order + 2)
    return words, cell_bound(words, positive, taylor, remainder, width)


def exp_integers():
    """(mantissa, exponent) of e^n, n = -64..44: e^n = mantissa * 2^(exponent - 64)."""
    rows = []
    for n in range(-64, 45):
        v = exp(mpf(n))
        e = int(floor(log(v, 2))) + 1
        m = int(nint(ldexp(v, 64 - e)))
        assert 2**63 <= m < 2**64
        rows.append((m, e))
    return rows


def ln_cells():
    """Cell i holds f in [(128 + i)/256, (129 + i)/256): (g, ln(1 + g/2^15)) with
    f (1 + g/2^15) in [1 - 2^-7, 1)."""
    rows = []
    for i in range(128):
        inverse = (2**15 * 256) // (129 + i)
        g = inverse - 2**15
        assert 0 <= g < 2**15
        assert 1 - mpf(128 + i) / 256 * inverse / 2**15 < mpf(1) / 128
        assert mpf(129 + i) / 256 * inverse / 2**15 <= 1
        rows.append((g, int(nint(ldexp(ln(mpf(inverse) / 2**15), 120)))))
    return rows


def recip_seeds():
    """1/D in 15 fractional bits at the middle of each of 256 cells of [1/2, 1)."""
    return [int(nint(2**15 / ((mpf(i) + 256 + mpf(1) / 2) / 512))) for i in range(256)]


def rsqrt_seeds():
    """1/sqrt(n) in 15 fractional bits at the middle of cells of 1/256 of [1/4, 1), index from 64."""
    return [int(nint(2**15 / sqrt((mpf(i) + mpf(1) / 2) / 256))) for i in range(64, 256)]


def words_block(name, doc, ty, items, per_line):
    lines = [f"/// {d}" for d in doc]
    lines.append("#[rustfmt::skip]")
    lines.append(f"pub(crate) static {name}: {ty} = [")
    for i in range(0, len(items), per_line):
        lines.append("\t" + " ".join(s + "," for s in items[i : i + per_line]))
    lines.append("];")
    return lines


def render():
    mills_rows, mills_bounds = mills_cells()
    exp_words, exp_bound = exp_poly()
    ln_words, ln_bound = ln_poly()
    integers = exp_integers()
    fractions = [q64(1 - exp(-mpf(j) / 256)) for j in range(256)]
    ln_rows = ln_cells()
    hex64 = lambda n: f"0x{n:016x}"
    hex128 = lambda n: f"0x{n:032x}"
    out = [
        "//! Tables and polynomials of the kernels. Written by `tools/gen_kernels.py`; do not edit.",
        "//!",
        "//! Bounds are of the rounded polynomial against the function over the whole cell, enclosed (not",
        f"//! sampled), in units of 2^-{BOUND_BITS}; the rounding of the evaluation comes on top and is stated",
        "//! where it is evaluated.",
        "",
        "/// The unit of the bounds is 2 to the minus this.",
        f'#[cfg_attr(not(test), allow(dead_code, reason = "asserted by tests"))]',
        f"pub(crate) const BOUND_BITS: u32 = {BOUND_BITS};",
        "",
        "/// ln 2 in 120 fractional bits.",
        f"pub(crate) const LN_2: u128 = {hex128(int(nint(ldexp(ln(mpf(2)), 120))))};",
        "",
        "/// 1 / sqrt(2 pi) in 64 fractional bits, shifted left by one so that its top bit is set.",
        f"pub(crate) const INV_SQRT_2PI: u64 = {hex64(int(nint(ldexp(1 / sqrt(2 * pi), 65))))};",
        "",
    ]
    row = lambda words: "[" + ", ".join(hex64(w) for w in words) + "]"
    out += words_block(
        "MILLS",
        [
            "exp(x^2/2) Phi(-x) on cells of 1/16 from 0: magnitudes of the alternating coefficients in the",
            "distance from the cell's left edge, 64 fractional bits.",
        ],
        f"[[u64; {MILLS_DEGREE + 1}]; {MILLS_CELLS}]",
        [row(r) for r in mills_rows],
        1,
    )
    out.append("")
    out += ['#[cfg_attr(not(test), allow(dead_code, reason = "asserted by tests"))]']
    out += words_block(
        "MILLS_BOUND",
        ["Error bound of each cell of [`MILLS`]."],
        f"[u32; {MILLS_CELLS}]",
        [str(b) for b in mills_bounds],
        16,
    )
    out.append("")
    out += words_block(
        "EXP_POLY",
        ["(1 - (1 - exp(-t)) / t) / t on [0, 2^-8]: magnitudes of the alternating coefficients."],
        f"[u64; {EXP_DEGREE + 1}]",
        [hex64(w) for w in exp_words],
        1,
    )
    out += [
        "",
        "/// Error bound of [`EXP_POLY`].",
        '#[cfg_attr(not(test), allow(dead_code, reason = "asserted by tests"))]',
        f"pub(crate) const EXP_POLY_BOUND: u64 = {exp_bound};",
        "",
    ]
    out += words_block(
        "EXP_FRACTION",
        ["1 - exp(-j/256), 64 fractional bits, to nearest."],
        "[u64; 256]",
        [hex64(w) for w in fractions],
        4,
    )
    out.append("")
    out += words_block(
        "EXP_INTEGER",
        ["e^n for n from -64 to 44 as (mantissa, exponent): mantissa * 2^(exponent - 64), to nearest."],
        f"[(u64, i32); {len(integers)}]",
        [f"({hex64(m)}, {e})" for m, e in integers],
        3,
    )
    out.append("")
    out += words_block(
        "LN_POLY",
        ["(-ln(1 - t) / t - 1) / t on [0, 2^-7]: coefficients, all positive."],
        f"[u64; {LN_DEGREE + 1}]",
        [hex64(w) for w in ln_words],
        1,
    )
    out += [
        "",
        "/// Error bound of [`LN_POLY`].",
        '#[cfg_attr(not(test), allow(dead_code, reason = "asserted by tests"))]',
        f"pub(crate) const LN_POLY_BOUND: u64 = {ln_bound};",
        "",
    ]
    out += words_block(
        "LN_CELL",
        [
            "Cell i holds f in [(128 + i)/256, (129 + i)/256): the short factor 1 + g/2^15 that brings f just",
            "below one, as (g, its logarithm in 120 fractional bits).",
        ],
        "[(u64, u128); 128]",
        [f"({g}, {hex128(v)})" for g, v in ln_rows],
        2,
    )
    out.append("")
    out += words_block(
        "RECIPROCAL_SEED",
        ["1/D in 15 fractional bits at the middle of each of 256 cells of [1/2, 1): within 2^-8.9 of 1/D."],
        "[u16; 256]",
        [str(s) for s in recip_seeds()],
        16,
    )
    out.append("")
    out += words_block(
        "RSQRT_SEED",
        ["1/sqrt(n) in 15 fractional bits at the middle of each 256th of [1/4, 1): within 2^-7.9 of it."],
        "[u16; 192]",
        [str(s) for s in rsqrt_seeds()],
        16,
    )
    return "\n".join(out) + "\n"


def main():
    text = render()
    if "--check" in sys.argv[1:]:
        if OUT.read_text() != text:
            sys.exit(f"{OUT} is not what this script writes")
        print(f"{OUT} is up to date")
        return
    OUT.write_text(text)
    print(f"wrote {OUT}, {len(text)} bytes")


if __name__ == "__main__":
    main()
