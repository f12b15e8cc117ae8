#!/usr/bin/env python3
"""Writes src/kernels/tables/*.rs, the tables and polynomials of the kernels, and src/kernels/certified.rs,
the proven error bound of every cell.

    python3 math/tools/gen_kernels.py            # rewrites the files (deterministic, about a minute)
    python3 math/tools/gen_kernels.py --check    # fails if a committed file differs

Needs mpmath. Every polynomial interpolates its function at Chebyshev nodes and is then rounded to whole
words. The bounds come from `certify.py`: of the rounded polynomial *and* of its evaluation in integers,
by interval arithmetic over whole cells (`enclosure.py`), not by sampling.
"""
import sys
from pathlib import Path

from mpmath import ceil, cos, erfc, exp, factorial, floor, ldexp, ln, log, lu_solve, matrix, mp, mpf, nint, pi, sqrt

sys.dont_write_bytecode = True  # leaves no __pycache__ in the tree

import certify
import model
from enclosure import quantile

mp.prec = 320
KERNELS = Path(__file__).resolve().parent.parent / "src" / "kernels"

MILLS_CELLS = 180  # cells of 1/16: arguments up to 11.25
MILLS_DEGREE = 9
EXP_DEGREE = 4
LN_DEGREE = 6
QUANTILE_DEGREE = 11
# sixteen cells to each power of two of y = -ln p, from the one with ln 2 to the one with 64 ln 2
QUANTILE_FIRST, QUANTILE_LAST = 6, 102


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


def alternating(k):
    return -1 if k % 2 else 1


def mills(x):
    """exp(x^2 / 2) Phi(-x): the Mills ratio over sqrt(2 pi)."""
    return exp(x * x / 2) * erfc(x / sqrt(mpf(2))) / 2


def mills_cells():
    width = mpf(1) / 16
    rows = []
    for i in range(MILLS_CELLS):
        left = mpf(i) / 16
        coeffs = interpolate(lambda t: mills(left + t), width, MILLS_DEGREE)
        words = [q64(alternating(k) * c) for k, c in enumerate(coeffs)]
        # Horner with subtraction must not go below zero: c_k > t * (what follows, at most c_{k+1}).
        for k in range(MILLS_DEGREE):
            assert words[k] > words[k + 1] * width, (i, k)
        rows.append(words)
    return rows


def exp_poly():
    """(1 - (1 - exp(-t)) / t) / t on [0, 2^-8]: sum (-t)^k / (k + 2)!"""

    def f(t):
        return sum(alternating(k) * t**k / factorial(k + 2) for k in range(60))

    coeffs = interpolate(f, mpf(1) / 256, EXP_DEGREE)
    return [q64(alternating(k) * c) for k, c in enumerate(coeffs)]


def ln_poly():
    """(-ln(1 - t) / t - 1) / t on [0, 2^-7]: sum t^k / (k + 2)"""

    def f(t):
        return sum(t**k / (k + 2) for k in range(120))

    return [q64(c) for c in interpolate(f, mpf(1) / 128, LN_DEGREE)]


def quantile_cells():
    """x(y) with Phi(-x) = exp(-y), on [left, left + width] in s = (y - left) / width:
    c0 / 2^80 + 2^-shift s (c1 - (s/16) (c2 - (s/16) (c3 - ...))) / 2^64."""
    rows = []
    for cell in range(QUANTILE_FIRST, QUANTILE_LAST + 1):
        num, den, wide, wide_den = model.quantile_edges(cell)
        left, width = mpf(num) / den, mpf(wide) / wide_den
        coeffs = interpolate(lambda s: quantile(left + s * width), mpf(1), QUANTILE_DEGREE)
        shift = model.quantile_shift(cell)
        words = [
            q64(-alternating(k) * ldexp(coeffs[k], shift + 4 * (k - 1)))
            for k in range(1, QUANTILE_DEGREE + 1)
        ]
        for k in range(QUANTILE_DEGREE - 1):
            assert words[k] * 16 > words[k + 1], (cell, k)
        rows.append((int(nint(ldexp(coeffs[0], 80))), words))
    return rows


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


def table(name, doc, ty, items, per_line):
    lines = [f"/// {d}" for d in doc]
    lines.append("#[rustfmt::skip]")
    lines.append(f"pub(crate) static {name}: {ty} = [")
    for i in range(0, len(items), per_line):
        lines.append("\t" + " ".join(s + "," for s in items[i : i + per_line]))
    lines += ["];", ""]
    return lines


def hex64(n):
    return f"0x{n:016x}"


def hex128(n):
    return f"0x{n:032x}"


def row(words):
    return "[" + ", ".join(hex64(w) for w in words) + "]"


def header(what):
    return [f"//! {what} Written by `tools/gen_kernels.py`; do not edit.", ""]


def render_exponential(poly, fractions, integers):
    return [
        *header("Tables of the exponential."),
        *table(
            "EXP_POLY",
            ["(1 - (1 - exp(-t)) / t) / t on [0, 2^-8]: magnitudes of the alternating coefficients."],
            f"[u64; {len(poly)}]",
            [hex64(w) for w in poly],
            1,
        ),
        *table(
            "EXP_FRACTION",
            ["1 - exp(-j/256), 64 fractional bits, to nearest."],
            "[u64; 256]",
            [hex64(w) for w in fractions],
            4,
        ),
        *table(
            "EXP_INTEGER",
            ["e^n for n from -64 to 44 as (mantissa, exponent): mantissa * 2^(exponent - 64), to nearest."],
            f"[(u64, i32); {len(integers)}]",
            [f"({hex64(m)}, {e})" for m, e in integers],
            3,
        ),
    ]


def render_logarithm(ln_2, poly, cells):
    return [
        *header("Tables of the logarithm."),
        "/// ln 2 in 120 fractional bits.",
        f"pub(crate) const LN_2: u128 = {hex128(ln_2)};",
        "",
        *table(
            "LN_POLY",
            ["(-ln(1 - t) / t - 1) / t on [0, 2^-7]: coefficients, all positive."],
            f"[u64; {len(poly)}]",
            [hex64(w) for w in poly],
            1,
        ),
        *table(
            "LN_CELL",
            [
                "Cell i holds f in [(128 + i)/256, (129 + i)/256): the short factor 1 + g/2^15 that brings f just",
                "below one, as (g, its logarithm in 120 fractional bits).",
            ],
            "[(u64, u128); 128]",
            [f"({g}, {hex128(v)})" for g, v in cells],
            2,
        ),
    ]


def render_normal(mills_rows):
    return [
        *header("Tables of the normal distribution."),
        "/// 1 / sqrt(2 pi) in 64 fractional bits, shifted left by one so that its top bit is set.",
        f"pub(crate) const INV_SQRT_2PI: u64 = {hex64(int(nint(ldexp(1 / sqrt(2 * pi), 65))))};",
        "",
        *table(
            "MILLS",
            [
                "exp(x^2/2) Phi(-x) on cells of 1/16 from 0: magnitudes of the alternating coefficients in the",
                "distance from the cell's left edge, 64 fractional bits.",
            ],
            f"[[u64; {MILLS_DEGREE + 1}]; {MILLS_CELLS}]",
            [row(r) for r in mills_rows],
            1,
        ),
    ]


def render_quantile(rows):
    return [
        *header("Table of the inverse of the normal distribution."),
        "/// The first cell, the one that holds y = ln 2. Sixteen cells to each power of two of y, from 1/2.",
        f"pub(crate) const QUANTILE_FIRST: usize = {QUANTILE_FIRST};",
        "",
        *table(
            "QUANTILE",
            [
                "The quantile x of p = exp(-y) below one half, as a distance: Phi(-x) = p. Per cell x at its left",
                "edge in 80 fractional bits, and the magnitudes of the alternating coefficients, each of them in",
                "sixteenths more than the one before.",
            ],
            f"[(i128, [u64; {QUANTILE_DEGREE}]); {len(rows)}]",
            [f"({start}, {row(words)})" for start, words in rows],
            1,
        ),
    ]


def render_root(seeds, rsqrt):
    return [
        *header("Seeds of reciprocals and roots."),
        *table(
            "RECIPROCAL_SEED",
            ["1/D in 15 fractional bits at the middle of each of 256 cells of [1/2, 1)."],
            "[u16; 256]",
            [str(s) for s in seeds],
            16,
        ),
        *table(
            "RSQRT_SEED",
            ["1/sqrt(n) in 15 fractional bits at the middle of each 256th of [1/4, 1)."],
            "[u16; 192]",
            [str(s) for s in rsqrt],
            16,
        ),
    ]


def render():
    t = model.Tables(
        exp_poly=exp_poly(),
        exp_fraction=[q64(1 - exp(-mpf(j) / 256)) for j in range(256)],
        exp_integer=exp_integers(),
        ln_2=int(nint(ldexp(ln(mpf(2)), 120))),
        ln_poly=ln_poly(),
        ln_cell=ln_cells(),
        mills=mills_cells(),
        quantile=quantile_cells(),
        quantile_first=QUANTILE_FIRST,
        reciprocal_seed=recip_seeds(),
        rsqrt_seed=rsqrt_seeds(),
    )
    files = {
        "tables/exponential.rs": render_exponential(t.exp_poly, t.exp_fraction, t.exp_integer),
        "tables/logarithm.rs": render_logarithm(t.ln_2, t.ln_poly, t.ln_cell),
        "tables/normal.rs": render_normal(t.mills),
        "tables/quantile.rs": render_quantile(t.quantile),
        "tables/root.rs": render_root(t.reciprocal_seed, t.rsqrt_seed),
        "certified.rs": certify.render(t),
    }
    return {name: "\n".join(lines).rstrip("\n") + "\n" for name, lines in files.items()}


def main():
    check = "--check" in sys.argv[1:]
    for name, text in render().items():
        path = KERNELS / name
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        elif path.read_text() != text:
            sys.exit(f"{path} is not what this script writes")
        print(f"{path} is up to date" if check else f"wrote {path}, {len(text)} bytes")


if __name__ == "__main__":
    main()
