"""The kernels' integer evaluation, word for word as in src/kernels.

`certify.py` derives the rounding errors of these steps; fingerprints made with this model and asserted
by the crate's tests tie the derivation to the code.
"""
from dataclasses import dataclass

WORD = 2**64
QUANTILE_EDGE = 32  # cells of y are 1/32 of the power of two above them


@dataclass
class Tables:
    exp_poly: list
    exp_fraction: list
    exp_integer: list
    ln_2: int
    ln_poly: list
    ln_cell: list
    mills: list
    quantile: list
    quantile_first: int
    reciprocal_seed: list
    rsqrt_seed: list


def mul_hi(a, b):
    return (a * b) >> 64


def mul_hi_short(a, b):
    """mul_hi without its lowest quarter: true product less [0, 3)."""
    a1, a0, b1, b0 = a >> 32, a & 0xFFFFFFFF, b >> 32, b & 0xFFFFFFFF
    return a1 * b1 + ((a1 * b0) >> 32) + ((a0 * b1) >> 32)


def one_minus_exp(t, fraction):
    index = fraction >> 56
    rest = (fraction << 8) % WORD
    s = rest >> 8
    p = t.exp_poly[-1]
    for c in reversed(t.exp_poly[:-1]):
        p = c - mul_hi_short(s, p)
    s -= mul_hi_short(rest, mul_hi_short(rest, p)) >> 16
    c = t.exp_fraction[index]
    return c + s - mul_hi(c, s)


def exp_parts(t, whole, fraction):
    """The word before it is normalised."""
    word, _ = t.exp_integer[whole + 64]
    return word - mul_hi(word, one_minus_exp(t, fraction))


def minus_ln(t, bits):
    shift = 128 - bits.bit_length()
    g = bits << shift
    factor, factor_ln = t.ln_cell[(g >> 120) & 0x7F]
    r = -(g + (g >> 15) * factor) % 2**128
    s = r >> 64
    p = t.ln_poly[-1]
    for c in reversed(t.ln_poly[:-1]):
        p = c + mul_hi_short(s, p)
    s = mul_hi(s, p)
    zeros = min(127, 128 - r.bit_length())
    lead = (r << zeros) >> 64
    bent = (mul_hi(lead, s) << 64) >> zeros
    return t.ln_2 * shift + factor_ln + ((r + bent) >> 8)


def mills(t, x):
    s = (x << 4) & (2**60 - 1)
    c = t.mills[x >> 56]
    p = c[-1]
    for k in range(len(c) - 2, 0, -1):
        p = c[k] - mul_hi_short(s, p)
    return c[0] - mul_hi(s, p)


def quantile_edges(cell):
    """Left edge and width as (numerator, denominator) each."""
    octave, sub = divmod(cell, 16)
    return (16 + sub) << octave, QUANTILE_EDGE, 1 << octave, QUANTILE_EDGE


def quantile_shift(cell):
    return 3 if cell < 64 else 1


def quantile(t, y):
    """x in 64 fractional bits for y in 120."""
    zeros = 128 - y.bit_length()
    lead = (y << zeros) % 2**128
    cell = 16 * (8 - zeros) + ((lead >> 123) & 15)
    s = (lead >> 59) % WORD
    start, c = t.quantile[cell - t.quantile_first]
    p = c[-1]
    for k in range(len(c) - 2, 0, -1):
        p = c[k] - mul_hi_short(s >> 4, p)
    p = c[0] - mul_hi(s >> 4, p)
    step = ((mul_hi(s, p) << 16) + (1 << 15)) >> quantile_shift(cell)
    return max(0, (start + step + (1 << 15)) >> 16)


def signed(n):
    return n - WORD if n >> 63 else n


def reciprocal(t, divisor):
    seed = t.reciprocal_seed[(divisor >> 55) & 0xFF]
    error = 2**47 - (divisor >> 32) * seed
    y = (seed << 16) + ((seed * error) >> 31)
    product = (divisor >> 32) * y + (((divisor & 0xFFFFFFFF) * y) >> 32)
    error = signed((2**63 - product) % WORD)
    y = (y << 31) + ((y * (error >> 16)) >> 16)
    error = 2**126 - divisor * y
    correction = ((y >> 32) * (error >> 60)) >> 33
    result = 2 * y + correction
    return max(result, 2**63) if result < WORD else WORD - 1


def root(t, n):
    """Nearest integer to the root of n in [2^126, 2^128)."""
    top = n >> 64
    y = t.rsqrt_seed[(top >> 56) - 64] << 16
    high = top >> 32
    for _ in range(2):
        square = (y * y) >> 32
        error = 2**62 - high * square
        y = min(y + ((y * (error >> 31)) >> 32), 0xFFFFFFFF)
    error = 2**62 - mul_hi(top, y * y)
    y = (y << 31) + ((y * (error >> 4)) >> 28)
    x = min((top * y) >> 62, WORD - 1)
    step = (((n - x * x) >> 40) * (y >> 32)) >> 55
    x = min(x + step, WORD - 1)
    rest = n - x * x
    return min(x + 1, WORD - 1) if rest > x else x - 1 if rest <= -x else x


def fingerprint(f, argument, count=4096):
    """Sum of f over pseudo-random arguments, modulo 2^64."""
    state, total = 1, 0
    for _ in range(count):
        words = []
        for _ in range(2):
            state = (state * 6364136223846793005 + 1442695040888963407) % WORD
            words.append(state)
        total = (total + f(*argument(*words))) % WORD
    return total


def fingerprints(t):
    """Of each kernel, in the order of `certified::FINGERPRINTS`."""
    half = 2**63
    return [
        fingerprint(lambda n, f: exp_parts(t, n, f), lambda a, b: (a % 109 - 64, b)),
        fingerprint(lambda x: minus_ln(t, x), lambda a, b: (((a << 64) | b) >> (a % 64),)),
        fingerprint(lambda x: mills(t, x), lambda a, b: (a % (180 << 56),)),
        fingerprint(lambda y: quantile(t, y), lambda a, b: (minus_ln(t, (a >> (1 + b % 62)) << 64 | 2**64),)),
        fingerprint(lambda d: reciprocal(t, d), lambda a, b: (a | half,)),
        fingerprint(lambda n: root(t, n), lambda a, b: (((a | 2**62) << 64) | b,)),
    ]
