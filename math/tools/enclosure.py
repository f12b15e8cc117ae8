"""Interval arithmetic for the kernels: enclosures of functions and of polynomials over whole cells.

Everything here is an enclosure: numbers are mpmath intervals (`iv`), every operation rounds outwards,
and every series ends with a bound of what it leaves out. Bounds made of these are proven, not sampled.
"""
from functools import lru_cache

from mpmath import erfc, exp, iv, ln, mp, mpf, pi, sqrt

mp.prec = 320
iv.prec = 400

BOUND_BITS = 80  # bounds are written in units of 2^-80


def upper(x):
    """Largest absolute value in an interval."""
    x = iv.mpf(x)
    low, high = (mp.make_mpf(end) for end in x._mpi_)
    return max(abs(low), abs(high))


def low(x):
    return mp.make_mpf(iv.mpf(x)._mpi_[0])


def high(x):
    return mp.make_mpf(iv.mpf(x)._mpi_[1])


def span(a, b):
    """The interval from the lower end of a to the upper end of b."""
    return iv.mpf([low(a), high(b)])


def exact(n, bits=0):
    """n / 2^bits."""
    return iv.mpf(n) / iv.mpf(2) ** bits


def bound_units(x):
    """An upper bound of |x| in units of 2^-BOUND_BITS."""
    return int(mp.ceil(upper(x) * mpf(2) ** BOUND_BITS))


# The normal distribution.


def iv_root_2pi():
    return iv.sqrt(2 * iv.pi)


@lru_cache(maxsize=None)
def iv_mills(num, den):
    """exp(x^2/2) Phi(-x) at the rational x = num / den >= 0.

    exp(x^2/2) / 2 - sum x^(2k+1) / (2k+1)!! / sqrt(2 pi): the terms are positive, and from where
    x^2 < k they are less than half of the one before.
    """
    x = iv.mpf(num) / den
    square = x * x
    term, total, k = x, x, 1
    while True:
        term = term * square / (2 * k + 1)
        total += term
        k += 1
        if high(square) < k and high(term) < mpf(2) ** -480:
            break
    total += span(iv.mpf(0), term)
    return iv.exp(square / 2) / 2 - total / iv_root_2pi()


def mills_taylor(num, den, order):
    """Taylor coefficients of R = exp(x^2/2) Phi(-x) at num/den: R' = x R - 1/sqrt(2 pi), so
    (n+1) c_{n+1} = x c_n + c_{n-1}."""
    previous = iv.prec
    iv.prec = 1300
    try:
        x = iv.mpf(num) / den
        square = x * x
        term, total, k = x, x, 1
        while not (high(square) < k and high(term) < mpf(2) ** -1250):
            term = term * square / (2 * k + 1)
            total += term
            k += 1
        total += span(iv.mpf(0), term)
        c = [iv.exp(square / 2) / 2 - total / iv_root_2pi()]
        c.append(x * c[0] - 1 / iv_root_2pi())
        for n in range(1, order):
            c.append((x * c[n] + c[n - 1]) / (n + 1))
    finally:
        iv.prec = previous
    return [+value for value in c]


# The inverse: x(y) with Phi(-x) = exp(-y). x' = M, M' = (x M - 1) M, M = Phi(-x) / phi(x).


def quantile(y):
    """x(y) in ordinary multiple precision (for nodes and starting points; not an enclosure)."""
    y = mpf(y)
    x = sqrt(2 * y) - 1 if y > 1 else 2 * (y - ln(mpf(2)))
    for _ in range(200):
        tail = erfc(x / sqrt(mpf(2))) / 2
        step = (ln(tail) + y) * tail * sqrt(2 * pi) * exp(x * x / 2)
        x += step
        if abs(step) < mpf(2) ** -300:
            return x
    raise ValueError(f"no quantile of {y}")


def iv_log_tail(x):
    """-ln Phi(-x) at a binary rational x of either sign."""
    sign, man, exponent, _ = x._mpf_
    num, den = (man << exponent, 1) if exponent >= 0 else (man, 1 << -exponent)
    ratio = iv_mills(int(num), int(den))
    square = (iv.mpf(int(num)) / int(den)) ** 2 / 2
    if sign == 0:
        return square - iv.log(ratio)
    return -iv.log(1 - iv.exp(-square) * ratio)


@lru_cache(maxsize=None)
def iv_quantile(y_num, y_den):
    """x(y): the ends of the interval are checked to lie on either side."""
    y = iv.mpf(y_num) / y_den
    middle = quantile(mpf(y_num) / y_den)
    gap = mpf(2) ** -270
    # few enough digits that the ends are short rationals
    below, above = (mp.ldexp(mp.nint(mp.ldexp(middle + d, 280)), -280) for d in (-gap, gap))
    assert high(iv_log_tail(below)) < low(y) and high(y) < low(iv_log_tail(above)), y_num
    return iv.mpf([below, above])


def iv_hazard_inverse(x):
    """M(x) = sqrt(2 pi) R(x), decreasing, from the ends of the interval x."""
    ends = []
    for end in (high(x), low(x)):
        sign, man, exponent, _ = end._mpf_
        num, den = (man << exponent, 1) if exponent >= 0 else (man, 1 << -exponent)
        ratio = iv_mills(int(num), int(den))
        if sign:
            # R(-x) = exp(x^2/2) - R(x)
            ratio = iv.exp((iv.mpf(int(num)) / int(den)) ** 2 / 2) - ratio
        ends.append(ratio * iv_root_2pi())
    return span(ends[0], ends[1])


def quantile_series(x, order):
    """Taylor coefficients 0..order of x(y) where x holds the value(s) at the expansion point(s)."""
    xs, ms, a = [x], [iv_hazard_inverse(x)], []
    for n in range(order):
        product = sum((xs[i] * ms[n - i] for i in range(n + 1)), iv.mpf(0))
        a.append(product - (1 if n == 0 else 0))
        derivative = sum((a[i] * ms[n - i] for i in range(n + 1)), iv.mpf(0))
        xs.append(ms[n] / (n + 1))
        ms.append(derivative / (n + 1))
    return xs


# Polynomials.


def bernstein(coeffs, width, parts=4):
    """Upper bound of |sum c_k t^k| on [0, width]: the Bernstein coefficients enclose the values."""
    n = len(coeffs) - 1
    binomials = [[1]]
    for _ in range(n):
        row = binomials[-1]
        binomials.append([1, *(a + b for a, b in zip(row, row[1:])), 1])
    worst = mpf(0)
    h = iv.mpf(width) / parts
    for part in range(parts):
        left = h * part
        powers = [iv.mpf(1)]
        for _ in range(n):
            powers.append(powers[-1] * left)
        shifted, scale = [], iv.mpf(1)
        for k in range(n + 1):
            terms = (coeffs[j] * binomials[j][k] * powers[j - k] for j in range(k, n + 1))
            shifted.append(sum(terms, iv.mpf(0)) * scale / binomials[n][k])
            scale *= h
        for i in range(n + 1):
            value = sum((shifted[k] * binomials[i][k] for k in range(i + 1)), iv.mpf(0))
            worst = max(worst, upper(value))
    return worst


def polynomial_error(words, unit_bits, sign, taylor, remainder, width):
    """Bound of |sum sign(k) words_k 2^-unit_bits t^k - function| on [0, width]."""
    diff = []
    for k in range(max(len(words), len(taylor))):
        p = sign(k) * exact(words[k], unit_bits) if k < len(words) else iv.mpf(0)
        diff.append(p - (taylor[k] if k < len(taylor) else 0))
    return iv.mpf(bernstein(diff, width)) + upper(remainder)


def quantile_cell_error(words, unit_bits, sign, scale, left, width, parts=8, order=18):
    """Bound of |polynomial in (y - left) scale - x(y)| on [left, left + width] (pairs of integers), each
    eighth compared with its own Taylor series: shorter pieces keep the remainder's enclosure narrow."""
    num, den = left
    wide, wide_den = width
    worst = mpf(0)
    for part in range(parts):
        # the part's left edge and its width, as fractions of common denominators
        edge = (num * wide_den * parts + wide * den * part, den * wide_den * parts)
        right = (edge[0] + wide * den, edge[1])
        here, there = iv_quantile(*edge), iv_quantile(*right)
        taylor = quantile_series(here, order)
        step = iv.mpf(wide) / (wide_den * parts)
        remainder = quantile_series(span(here, there), order)[order] * step**order
        offset = step * part
        degree = len(words) - 1
        raw = [sign(k) * exact(words[k], unit_bits[k]) * scale**k for k in range(degree + 1)]
        shifted = []
        for k in range(degree + 1):
            total = iv.mpf(0)
            binomial, power = 1, iv.mpf(1)
            for j in range(k, degree + 1):
                total += raw[j] * binomial * power
                binomial = binomial * (j + 1) // (j + 1 - k)
                power *= offset
            shifted.append(total)
        size = max(len(shifted), order)
        pad = lambda c, n: [*c, *([iv.mpf(0)] * (n - len(c)))]
        diff = [a - b for a, b in zip(pad(shifted, size), pad(taylor[:order], size))]
        worst = max(worst, upper(bernstein(diff, high(step), parts=1) + upper(remainder)))
    return iv.mpf(worst)
