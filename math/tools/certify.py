"""Error bounds of the kernels, by interval arithmetic: method, rounded coefficients and integer evaluation.

`E` below is always (computed - exact) as an interval, in units of 2^-64 unless named otherwise. A product
`mul_hi(t, p)` is the true one less [0, 1), `mul_hi_short` less [0, 3).
"""
from mpmath import iv, mp, mpf

from black76_bounds import black76_bounds
from enclosure import (
    BOUND_BITS, bound_units, exact, high, iv_hazard_inverse, iv_mills, iv_quantile, iv_root_2pi, low,
    mills_taylor, polynomial_error, quantile_cell_error, span, upper,
)
from model import fingerprints, quantile_edges, quantile_shift

UNIT = iv.mpf(2) ** -64
ONE_SIDED = iv.mpf([0, 1])
SHORT = iv.mpf([0, 3])


def both(x):
    return iv.mpf([-1, 1]) * upper(x)


def horner_error(t, steps, sign, last=ONE_SIDED):
    """E of c0 + sign t (c1 + sign t (...)) after `steps` truncated products, all short but the last."""
    error = iv.mpf(0)
    for k in range(steps):
        cut = last if k == steps - 1 else SHORT
        error = sign * (t * error - cut)
    return error


def positive(_k):
    return 1


def alternating(k):
    return -1 if k % 2 else 1


def hull(a, b):
    return iv.mpf([min(low(a), low(b)), max(high(a), high(b))])


# exp


def exp_errors(t):
    """Relative E of exp_parts in each cell of the fraction, the worst of all whole parts."""
    width = iv.mpf(1) / 256
    order = 30
    factorials = [iv.mpf(1)]
    for k in range(1, order + 4):
        factorials.append(factorials[-1] * k)
    taylor = [alternating(k) / factorials[k + 2] for k in range(order)]
    remainder = width**order / factorials[order + 2]
    poly = polynomial_error(t.exp_poly, 64, alternating, taylor, remainder, high(width))
    rest = iv.mpf([0, high(width)])
    # p: polynomial and its evaluation; q = rest p in 72 fractional bits, then t q in 80
    p = both(poly / UNIT) + horner_error(rest, len(t.exp_poly) - 1, -1, SHORT)
    q = 256 * rest * p - SHORT
    product = rest * q / 256 - SHORT / 65536 - ONE_SIDED
    s_error = -product
    whole = iv.mpf(0)
    smallest = 2**64
    for n, (word, exponent) in zip(range(-64, 45), t.exp_integer):
        true = iv.exp(n) * iv.mpf(2) ** (64 - exponent)
        whole = hull(whole, iv.mpf(word) / true - 1)
        smallest = min(smallest, word)
    bounds = []
    for j in range(256):
        left = 1 - iv.exp(-iv.mpf(j) / 256)
        c_error = exact(t.exp_fraction[j], 64) - left
        s = iv.mpf([0, high(1 - iv.exp(-width))])
        lost = (1 - left) * s_error + (1 - s) * c_error / UNIT + ONE_SIDED
        # no rounding in the first cell's left end: e^n itself
        kept = span(iv.exp(-iv.mpf(j + 1) / 256), iv.exp(-iv.mpf(j) / 256))
        relative = (1 + whole) * (1 - lost * UNIT / kept) + ONE_SIDED / smallest / kept - 1
        bounds.append(relative)
    return bounds


# ln


def ln_errors(t):
    """(absolute bound in each cell, relative bound); on top of the relative one come 2^-119."""
    width = iv.mpf(1) / 128
    order = 60
    taylor = [iv.mpf(1) / (k + 2) for k in range(order)]
    poly = polynomial_error(
        t.ln_poly, 64, positive, taylor, 2 * width**order / (order + 2), high(width)
    )
    absolute, relative = [], iv.mpf(0)
    tiny = iv.mpf(2) ** -119
    for i, (g, log) in enumerate(t.ln_cell):
        factor = iv.mpf(2**15 + g) / 2**15
        ends = [1 - iv.mpf(128 + i + k) / 256 * factor for k in (1, 0)]
        r = iv.mpf([max(mpf(0), low(ends[0])), high(ends[1])])
        # t is r cut to 64 bits: r P(r) rises by at most (P + r P') 2^-64 < 0.52 units
        assert high(r) < mpf(2) ** -7 + mpf(2) ** -20
        s = r * (both(poly / UNIT) + horner_error(r, len(t.ln_poly) - 1, 1, SHORT)) - ONE_SIDED
        s -= iv.mpf([0, "0.52"])
        # times r: the leading word of r, relative 2^-63, and the product in units below 2 r
        slope = s * UNIT - r * 2 * UNIT - 2 * UNIT * ONE_SIDED
        exact_log = iv.log(factor)
        table = exact(log, 120) - exact_log
        cut = iv.mpf(0) if g == 0 else iv.mpf(2) ** -113
        error = r * slope + both(table) + both(cut) * 2 + both(tiny)
        absolute.append(both(error) + both(127 * iv.mpf(2) ** -121))
        if g == 0:
            relative = hull(relative, slope)
        else:
            least = -iv.log(iv.mpf(129 + i) / 256)
            if i < 127:
                relative = hull(relative, both(absolute[-1]) / least)
    return absolute, relative


# the normal distribution


def mills_errors(t):
    """E of mills in each cell, with that of the rounded polynomial."""
    width = iv.mpf(1) / 16
    order = 24
    bounds = []
    evaluation = horner_error(iv.mpf([0, high(width)]), len(t.mills[0]) - 1, -1)
    for i, words in enumerate(t.mills):
        taylor = mills_taylor(i, 16, order)
        # R is completely monotone (the Laplace transform of a positive density), so its series at
        # the left edge alternates and what is left out is below the next term
        remainder = taylor[order] * width**order
        poly = polynomial_error(words, 64, alternating, taylor[:order], remainder, high(width))
        bounds.append(both(poly / UNIT) + evaluation)
    return bounds


def normal_errors(mills, exp_error):
    """Per cell: relative bound of the tail at a 60-bit argument; absolute ones of cdf and pdf."""
    tails, cdfs, pdfs = [], [], []
    # x^2/2 is cut to 64 bits
    bell = (1 + exp_error) * (1 + UNIT * ONE_SIDED) - 1
    for i, error in enumerate(mills):
        right = iv_mills(i + 1, 16)
        left = iv_mills(i, 16)
        height = iv.exp(-(iv.mpf(i) / 16) ** 2 / 2)
        relative = both((1 + bell) * (1 + error * UNIT / right) - 1)
        tails.append(both(upper(relative) + 2 * UNIT))
        # the argument rounded to 60 bits, and the last place
        density = height / iv_root_2pi()
        argument = density * iv.mpf(2) ** -61
        cdfs.append(both(height * left * relative) + both(argument) + both(UNIT))
        shifted = (iv.mpf(i + 1) / 16) * iv.mpf(2) ** -61
        pdfs.append(both(density * (upper(bell) + 4 * UNIT + shifted)) + both(UNIT))
    return tails, cdfs, pdfs


def quantile_errors(t, ln_absolute):
    """E of the quantile in each cell, and how far apart two neighbouring p of one half and below lie."""
    y_error = max(upper(e) for e in ln_absolute) + mpf(2) ** -110
    bounds, gaps = [], []
    for k, (start, words) in enumerate(t.quantile):
        cell = t.quantile_first + k
        num, den, wide, wide_den = quantile_edges(cell)
        shift = quantile_shift(cell)
        sign = lambda j: 1 if j == 0 else -alternating(j)
        bits = [80] + [64 + shift + 4 * j for j in range(len(words))]
        poly = quantile_cell_error(
            [start, *words], bits, sign, iv.mpf(wide_den) / wide, (num, den), (wide, wide_den)
        )
        slope = horner_error(iv.mpf([0, mpf(1) / 16]), len(words) - 1, -1)
        # s/16 loses four digits: its coefficient is words[1]; s itself those below the 64th
        slope += exact(words[1], 64) * ONE_SIDED
        step = ONE_SIDED * slope - ONE_SIDED + iv.mpf("0.5")
        cut = exact(words[0], 64) * ONE_SIDED
        # the sum is cut to 80 digits
        evaluation = (step - cut) / 2**shift - exact(1, 16) * ONE_SIDED
        x = span(iv_quantile(num, den), iv_quantile(num * wide_den + wide * den, den * wide_den))
        y_part = iv_hazard_inverse(x) * y_error / UNIT
        total = both(poly / UNIT) + evaluation + both(y_part) + iv.mpf([-0.5, 0.5])
        bounds.append(both(total * UNIT))
        nearest = iv.mpf([max(mpf(0), low(x)), max(mpf(0), high(x))])
        gaps.append(iv_root_2pi() * iv.exp(iv.mpf(low(nearest)) ** 2 / 2))
    return bounds, gaps


# reciprocal and root


def newton_cut(bits):
    return iv.mpf(2) ** -bits * ONE_SIDED


def reciprocal_error(t):
    """Relative E of reciprocal, the worst of its 256 cells: 1 - D y squared by each step, and its cuts."""
    worst = iv.mpf(0)
    for i, seed in enumerate(t.reciprocal_seed):
        d = iv.mpf([256 + i, 257 + i]) / 512
        e = both(1 - d * seed / 2**15)
        # computed 1 - D y: D cut to 32 bits
        seen = newton_cut(32) * 2
        # a little more than 1/D can be: an approximation of it
        y = iv.mpf(["0.99", "2.01"])
        e = both(e * e) + both(d * (y * seen + newton_cut(31)))
        # D y with all of D; its 63rd digit, and the error cut to 47 digits
        e = both(e * e) + both(d * (y * (newton_cut(63) + newton_cut(47)) + newton_cut(62)))
        # y cut to 30 digits, the error to 66
        e = both(e * e) + both(d * (newton_cut(30) * e + y * newton_cut(66) + newton_cut(63)))
        worst = hull(worst, e)
    return worst


def ratio_error(reciprocal):
    """Absolute E of ratio (it is below the true one): see the code's comments for the steps."""
    unit = iv.mpf(2) ** -63
    gap = 8 * unit + span(iv.mpf(-2) * unit, iv.mpf(0)) + both(2 * reciprocal)
    assert low(gap) > 0, "the first quotient word must not be too large"
    rest = span(iv.mpf(0), gap + 2 * UNIT)
    assert high(rest) < mpf(2) ** -59
    return rest * gap + 2 * newton_cut(128) + 2 * newton_cut(123) + newton_cut(128)


def root_candidate_error(t):
    """Distance of the candidate from the root, in units, before it is decided by the remainder."""
    worst = iv.mpf(0)
    for i, seed in zip(range(64, 256), t.rsqrt_seed):
        n = iv.mpf([i, i + 1]) / 256
        root = iv.sqrt(n)
        e = both(1 - root * seed / 2**15)
        y = iv.mpf(["0.99", "2.02"])
        for _ in range(2):
            # n cut to 32 digits and y^2 to 30; the product of the error cut to 31, and again
            seen = newton_cut(32) * y * y + n * newton_cut(30)
            step = y / 2 * (seen + newton_cut(31)) + newton_cut(31)
            e = both(e * e * 3 / 2 + upper(e) ** 3 / 2) + both(root * step)
        step = y / 2 * (newton_cut(62) + newton_cut(64) * y * y + newton_cut(58)) + newton_cut(62)
        e = both(e * e * 3 / 2 + upper(e) ** 3 / 2) + both(root * step)
        first = both(root * e * 2**64) + both(y + 1)
        # root + rest y / 2: Newton's own error, y's, and the three cuts
        own = first * first / (root * 2**64)
        cuts = first * (both(e) + newton_cut(30)) + y * newton_cut(24) + ONE_SIDED
        worst = hull(worst, both(own) + both(cuts))
    return worst


def render_list(name, doc, values):
    lines = [f"/// {d}" for d in doc]
    lines += ["#[rustfmt::skip]", f"pub(super) static {name}: [u64; {len(values)}] = ["]
    for i in range(0, len(values), 12):
        lines.append("\t" + " ".join(f"{v}," for v in values[i : i + 12]))
    return [*lines, "];", ""]


def render_scalar(name, doc, value):
    lines = [f"/// {d}" for d in doc]
    return [*lines, f"pub(crate) const {name}: u64 = {value};", ""]


def render(t):
    exp_cells = exp_errors(t)
    exp_error = iv.mpf([min(low(e) for e in exp_cells), max(high(e) for e in exp_cells)])
    ln_absolute, ln_relative = ln_errors(t)
    mills = mills_errors(t)
    tails, cdfs, pdfs = normal_errors(mills, exp_error)
    quantiles, gaps = quantile_errors(t, ln_absolute)
    for k, (bound, gap) in enumerate(zip(quantiles, gaps)):
        assert 2 * upper(bound) < low(gap * UNIT), f"quantile not monotone in cell {k}"
    reciprocal = reciprocal_error(t)
    units = lambda errors: [bound_units(e) for e in errors]
    constants = {
        "exp": upper(exp_error),
        "ln": upper(ln_relative),
        "mills_low": min(low(e) for e in mills) * mpf(2) ** -64,
        "mills_high": max(high(e) for e in mills) * mpf(2) ** -64,
        "reciprocal": upper(reciprocal),
    }
    cells = lambda what: [f"{what}, in each cell, in units of 2^-{BOUND_BITS}."]
    lines = [
        "//! Proven error bounds. Written by `tools/gen_kernels.py`; do not edit.",
        "//!",
        "//! Each is of the whole kernel over a whole cell: its method, the rounding of its coefficients and the",
        "//! truncations of its integer evaluation, enclosed by interval arithmetic (`tools/certify.py`).",
        "",
        "/// The unit of the bounds is 2 to the minus this.",
        f"pub(crate) const BOUND_BITS: i32 = {BOUND_BITS};",
        "",
        "/// Sums of exp, ln, mills, quantile, reciprocal and root over 4,096 arguments, by the script's model",
        "/// of the integer evaluation that the bounds are derived for.",
        "#[rustfmt::skip]",
        f"pub(super) const FINGERPRINTS: [u64; 6] = [{', '.join(f'0x{n:016x}' for n in fingerprints(t))}];",
        "",
        *render_list("EXP", cells("Relative error of `exp_parts`"), units(exp_cells)),
        *render_list("LN", cells("Absolute error of `minus_ln`"), units(ln_absolute)),
        *render_scalar(
            "LN_RELATIVE",
            [f"Relative error of `minus_ln` beyond 2^-119, in units of 2^-{BOUND_BITS}."],
            bound_units(ln_relative),
        ),
        *render_list("MILLS", cells("Absolute error of `mills`"), [bound_units(e * UNIT) for e in mills]),
        *render_list("TAIL", cells("Relative error of `tail`"), units(tails)),
        *render_list("CDF", cells("Absolute error of `norm_cdf`"), units(cdfs)),
        *render_list("PDF", cells("Absolute error of `norm_pdf`"), units(pdfs)),
        *render_list("QUANTILE", cells("Absolute error of `inverse_cdf`"), units(quantiles)),
        *render_list(
            "QUANTILE_GAP",
            [
                "Distance of the quantiles of two neighbouring arguments, at least, in each cell, in units of",
                "2^-80 and at most 2^62 of them.",
            ],
            [min(2**62, int(mp.floor(low(g * UNIT) * mpf(2) ** BOUND_BITS))) for g in gaps],
        ),
        *render_scalar(
            "RECIPROCAL",
            [f"Relative error of `reciprocal`, in units of 2^-{BOUND_BITS}."],
            bound_units(reciprocal),
        ),
        *render_scalar(
            "RATIO",
            ["Absolute error of `ratio`, in units of 2^-128."],
            int(mp.ceil(upper(ratio_error(reciprocal)) * mpf(2) ** 128)),
        ),
        *render_scalar(
            "ROOT_CANDIDATE",
            ["Distance of `root_u128`'s candidate from the root, in thousandths of a unit."],
            int(mp.ceil(upper(root_candidate_error(t)) * 1000)),
        ),
    ]
    for name, doc, value in black76_bounds(constants):
        lines += [f"/// {doc}", f"pub(crate) const {name}: f64 = {value:.3e};", ""]
    return lines
