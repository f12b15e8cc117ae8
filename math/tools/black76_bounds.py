"""Error bounds of Black-76 that follow from those of the kernels.

With c = x/v and h = v/2 (x = |ln(F/K)|, v = sigma sqrt T), a = h - c, b = h + c, bell(z) = exp(-z^2/2), k = 1 /
sqrt(2 pi) and R(z) = bell(z)^-1 Phi(-z), the out-of-the-money value over the smaller of forward and
strike is g = Phi(a) - exp(2ch) Phi(-b), and

    dg/dc = -2h bell(a) R(b)        dg/dh = 2 bell(a) (k - c R(b))        v dg/dv = 2h k bell(a).

The code sees c and h with the relative errors EV of v in both (they cancel but for the last line), EC of
the logarithm and of 1/v, and the absolute one ETA of 60 fractional bits. Its value of g at those is that of
the kernels: the relative error of bell, absolute ones of R. To these add the truncated products that
follow. Errors of second order (1e-17 of the first) are covered by the margin.

Every error below is bounded on each cell of a grid over all (c, h) of the range, by the largest value of
every factor on the cell; factors are monotone in c and h, or taken as such apart.
"""
import math

UNIT = 2.0**-64
ETA = 2.0**-61
LOG_MAX = math.log(1000)
CUT = 10.5
T_MIN, T_MAX = 1 / 31_536_000, 3.0
SIGMA_MIN, SIGMA_MAX, DISCOUNT_MAX = 0.01, 10.0, 2.0
H_MIN = SIGMA_MIN * math.sqrt(T_MIN) / 2 * 0.999999
H_MAX = SIGMA_MAX * math.sqrt(T_MAX) / 2 * 1.000001
K = 1 / math.sqrt(2 * math.pi)
# floats, their elementary functions and errors of second order
MARGIN = 1 + 1e-9
# rounding to 64 bits, and a truncated product
ROUND, CHOP = UNIT, 2 * UNIT
# arguments in 64 bits (decimal ones have 67 before they are rounded), half of it in the root, and the root's own
SIGMA = 1.125 * UNIT
ROOT_T = SIGMA / 2 + ROUND
EV = SIGMA + ROOT_T + CHOP


def bell(z):
    return math.exp(-z * z / 2)


def mills(z):
    return 0.5 * math.exp(z * z / 2) * math.erfc(z / math.sqrt(2))


class Cell:
    """Largest values of the factors on [c0, c1] x [h0, h1]."""

    def __init__(self, c0, c1, h0, h1):
        self.c, self.h, self.h_least = c1, h1, h0
        a_low, a_high = h0 - c1, h1 - c0
        self.crosses = a_low < 0 < a_high
        self.a = max(abs(a_low), abs(a_high))
        self.a_least = 0.0 if self.crosses else min(abs(a_low), abs(a_high))
        self.below, self.above = a_low < 0, a_high >= 0
        self.b = c1 + h1
        b_least = c0 + h0
        self.bell_a = bell(self.a_least)
        # bell(a) exp(-2ch) = bell(b)
        self.bell_b = bell(b_least)
        self.shrink = math.exp(-2 * c0 * h0)
        self.r_a, self.r_b = mills(self.a_least), mills(b_least)
        self.k_less = K - c0 * mills(self.b)


def price(e, q):
    bent = EV * 2 * q.h * K * q.bell_a + e["ec"] * 2 * q.c * q.h * q.bell_a * q.r_b
    bent += ETA * 2 * q.bell_a * (q.h * q.r_b + q.k_less)
    kernels = 0.0
    if q.below:
        g = q.bell_a * q.r_a
        kernels = (e["bell"] + CHOP) * g + q.bell_a * e["mills_spread"]
    if q.above:
        kernels = max(kernels, q.bell_a * ((q.r_a + q.r_b) * e["bell"] + 2 * e["mills"]) + UNIT)
    # the smaller of forward and strike, and the discount factor
    g = 1.0 if q.above else q.bell_a * q.r_a
    return q.shrink * (bent + kernels + 2 * (ROUND + CHOP) * g)


def tail(e, q):
    """Of the out-of-the-money price below a = 0, over D m bell(a)."""
    if q.above:
        return 0.0
    bent = EV * 2 * q.h * K + e["ec"] * 2 * q.c * q.h * q.r_b + ETA * 2 * (q.h * q.r_b + q.k_less)
    return bent + (e["bell"] + CHOP + 2 * (ROUND + CHOP)) * q.r_a + e["mills_spread"]


def distance_errors(e, q):
    """Of a and of b."""
    common = e["ec"] * q.c + 2 * ETA
    return EV * q.b + common, EV * q.a + common


def density(e, q, put):
    """Relative error of D phi(d1); the put's goes through the ratio of forward and strike."""
    own = q.a * distance_errors(e, q)[0] + e["bell"] + ROUND + CHOP
    return own + (ROUND + CHOP) * (2 if put else 1)


def sides(q):
    """(put is out of the money, phi(d1), |d1|, |d2|)."""
    yield False, K * q.bell_a, q.a, q.b
    yield True, K * q.bell_b, q.b, q.a


def delta(e, q):
    error_a = distance_errors(e, q)[0]
    tail = q.bell_a * q.r_a
    call = K * q.bell_a * error_a + tail * (e["bell"] + CHOP) + q.bell_a * e["mills"] + UNIT
    put = K * q.bell_b * (EV * q.a + e["ec"] * q.c + 2 * ETA)
    put += q.bell_b * (q.r_b * (e["bell"] + ROUND + CHOP) + e["mills"]) + UNIT
    return max(call, put) + ROUND + CHOP


def vega(e, q):
    forward_root = ROUND + CHOP + ROOT_T + CHOP
    return max(
        math.sqrt(T_MAX) * phi * (density(e, q, put) + forward_root) for put, phi, _, _ in sides(q)
    )


def inverse(e):
    """Of 1/v, with its product."""
    return EV + e["reciprocal"] + CHOP


def gamma(e, q):
    forward = ROUND + e["reciprocal"] + CHOP
    return max(
        min(1.0, DISCOUNT_MAX * phi / (2 * q.h_least)) * (density(e, q, put) + inverse(e) + forward)
        for put, phi, _, _ in sides(q)
    )


def theta(e, q):
    # sigma / (2 sqrt T) = v / (2 T) with T at least a second and v at most 10 sqrt T
    slope = min(2 * q.h / (2 * T_MIN), SIGMA_MAX**2 / 2 / (2 * q.h_least))
    rest = ROUND + CHOP + 2 * (SIGMA + CHOP) + inverse(e)
    return max(
        min(1.0, DISCOUNT_MAX * phi * slope) * (density(e, q, put) + rest) for put, phi, _, _ in sides(q)
    )


def vanna(e, q):
    error_a, error_b = distance_errors(e, q)
    rest = CHOP + ROOT_T + CHOP + inverse(e)
    return max(
        phi * (d2 * (density(e, q, put) + rest) + (error_a if put else error_b))
        for put, phi, _, d2 in sides(q)
    )


def volga(e, q):
    error_a, error_b = distance_errors(e, q)
    rest = CHOP + 2 * (ROOT_T + CHOP) + inverse(e) + CHOP + ROUND + CHOP
    bent = q.a * error_b + q.b * error_a
    return max(
        math.sqrt(T_MAX) * phi * (d1 * d2 * (density(e, q, put) + rest) + bent)
        for put, phi, d1, d2 in sides(q)
    )


def grid():
    """Cells that cover every (c, h) of the range."""
    edges = [H_MIN]
    while edges[-1] < H_MAX:
        edges.append(min(H_MAX, edges[-1] + min(1 / 64, edges[-1] / 16)))
    for h0, h1 in zip(edges, edges[1:]):
        for i in range(64 * 12):
            c0, c1 = i / 64, (i + 1) / 64
            if 2 * c0 * h0 > LOG_MAX or c0 - h1 > CUT:
                break
            yield Cell(c0, c1, h0, h1)


SCALES = [
    ("PRICE", price, "D max(F, K)"),
    ("TAIL_PRICE", tail, "D min(F, K) exp(-a^2/2), out of the money"),
    ("DELTA", delta, "D"),
    ("VEGA", vega, "D F"),
    ("GAMMA", gamma, "max(1, gamma F) / F"),
    ("THETA", theta, "max(F, decay)"),
    ("VANNA", vanna, "D max(1, 1 / sigma)"),
    ("VOLGA", volga, "D F max(1, 1 / sigma)"),
]


def black76_bounds(constants):
    """(name, documentation, bound) of each, rounded up to four digits."""
    c = {name: float(value) * (1 + 1e-12) for name, value in constants.items()}
    e = {
        "bell": c["exp"] + UNIT,
        "mills": max(-c["mills_low"], c["mills_high"]),
        "mills_spread": c["mills_high"] - c["mills_low"],
        "reciprocal": c["reciprocal"],
        # the logarithm in 64 bits and 1/v; the ratio's own error is below 2^-90 of c
        "ec": c["ln"] + ROUND + c["reciprocal"] + 2.0**-80,
    }
    worst = {name: 0.0 for name, _, _ in SCALES}
    for cell in grid():
        for name, bound, _ in SCALES:
            worst[name] = max(worst[name], bound(e, cell))
    for name, _, scale in SCALES:
        value = worst[name] * MARGIN
        digits = 10.0 ** (math.floor(math.log10(value)) - 3)
        what = name.lower().replace("tail_", "")
        yield name, f"Error of {what} over {scale}, before the last place.", math.ceil(value / digits) * digits


if __name__ == "__main__":
    import sys

    # units of the kernels' bounds as arguments: exp ln mills_low mills_high reciprocal
    names = ("exp", "ln", "mills_low", "mills_high", "reciprocal")
    values = {name: float(text) * UNIT for name, text in zip(names, sys.argv[1:])}
    for name, doc, value in black76_bounds(values):
        print(f"{name:6} {value:.3e}  {doc}")
