"""Chains of reach 1 and 2: everything is a rational function of one root, an algebraic number.

Units of a chain receive alpha/(2k) from each of the k nearest on either side. The symbol of M is c a(e^il)
a(e^-il), where a(x) = 1 - z x for k = 1 and 1 - p x - r x^2 for k = 2, so that c (1 + z^2) = 1 and c z =
alpha/2, or c (1 + p^2 + r^2) = 1 and c p (1 - r) = c r = alpha/4. Everything is a rational function of z, or
of r. For k = 1

    P(A | k) = z^(L-1) (1 - z)^2.

For k = 2 let A be in an interval of two units or more. Let Q be the matrix M/c of the units of the interval
that are not in A, and of the two on either side, whose own entries are 1 + p^2 and -p, -p and 1 instead: the
inverse of what a half-line is to them. Let r be less on the diagonal for each unit of A that a unit receives
from. With T(A) spanning trees of A,

    P(A | k) = T(A) r^(L-1) det Q / (1 - r^2)

(derivation 18).
"""

from functools import lru_cache
from itertools import product
from math import prod

import sympy

from exactav.lattices.sums import whole_determinant

ROOT = sympy.Symbol("z")
"""The root, in rational functions: z of reach 1, r of reach 2."""

_P = ROOT / (1 - ROOT)  # p, of reach 2


def green(x: int) -> sympy.Expr:
    """G(x) of reach 1."""
    return (1 + ROOT**2) / (1 - ROOT**2) * ROOT**x


@lru_cache(maxsize=256)
def wide_green(x: int) -> sympy.Expr:
    """G(x) of reach 2: G(x + 2) = p G(x + 1) + r G(x), and G(1) (1 - r) = p G(0)."""
    if x == 0:
        c = 1 / (1 + _P**2 + ROOT**2)
        return sympy.factor((1 - ROOT) / (c * (1 + ROOT) * ((1 - ROOT) ** 2 - _P**2)))
    before = wide_green(x - 2) if x > 1 else wide_green(1 - x)
    if x == 1:
        return sympy.factor(_P / (1 - ROOT) * before)
    return sympy.factor(_P * wide_green(x - 1) + ROOT * before)


def wide_mean() -> sympy.Expr:
    """The mean size of reach 2."""
    alpha = 4 * ROOT / (1 + _P**2 + ROOT**2)
    return sympy.factor(1 / ((1 - alpha) * wide_green(0)))


@lru_cache(maxsize=256)
def in_root(size: int, reach: int) -> sympy.Expr:
    """P(L = size), in the root."""
    if reach == 1:
        return size * ROOT ** (size - 1) * (1 - ROOT) ** 2
    counts: dict[tuple[int, ...], int] = {}
    for gaps in product((1, 2), repeat=size - 1):
        key = min(gaps, gaps[::-1])
        counts[key] = counts.get(key, 0) + size
    return summed(counts)


def summed(counts: dict[tuple[int, ...], int]) -> sympy.Expr:
    """The sum of P(A | k) with these factors, over sets of equally many units at these distances.

    Determinants are computed at z = 2^bits, so large that their coefficients can be read off.
    """
    size = len(next(iter(counts))) + 1
    most = max(size - 1, 1)  # of the holes
    factors = {gaps: count * _trees(gaps) for gaps, count in counts.items()}
    largest: int = sum(
        factor * prod(map(sum, _matrix(gaps, -1))) * 4**most for gaps, factor in factors.items()
    )
    z = 1 << largest.bit_length() + 2
    total = 0
    for gaps, factor in factors.items():
        rows = _matrix(gaps, z)
        total += factor * whole_determinant(rows) * (1 - z) ** (2 * (most - len(rows) + 4))
    above, power = _polynomial(total, z), 4 + 2 * most
    while power and above.eval(1) == 0:
        above, power = above.exquo(sympy.Poly(1 - ROOT, ROOT)), power - 1
    written = sympy.factor(above.as_expr()) if size <= 3 else above.as_expr()
    return ROOT ** (size - 1) * written / ((1 - ROOT) ** (power + 1) * (1 + ROOT))


def _polynomial(value: int, base: int) -> sympy.Poly:
    """The polynomial with small whole coefficients that has this value at ``base``."""
    digits = []
    while value:
        digit = value % base
        digit -= base * (2 * digit > base)
        digits.append(digit)
        value = (value - digit) // base
    return sympy.Poly(digits[::-1] or [0], ROOT, domain="ZZ")


def _matrix(gaps: tuple[int, ...], z: int) -> list[list[int]]:
    """Q of a set of units at these distances, at r = z; at -1, sums of absolute values of coefficients.

    The row and the column of either unit next to the interval are multiplied by 1 - r, each row of a unit
    within by (1 - r)^2.
    """
    units = [0]
    for gap in gaps:
        units.append(units[-1] + gap)
    end, inside = max(units[-1], 1), set(units)  # an interval of two units at least
    sites = [-2, -1, *(x for x in range(end + 1) if x not in inside), end + 1, end + 2]
    q = 1 - z
    minus = -1 if z > 0 else 1
    r = abs(z)

    def entry(x: int, y: int) -> int:
        is_within, is_beside = 0 <= x <= end, x in (-1, end + 1)
        if x == y:
            fed = minus * r * sum(x + step in inside for step in (-2, -1, 1, 2))
            if is_within:
                return q**2 + r**2 + (r**2 + fed) * q**2
            return q**2 + r**2 + fed * q**2 if is_beside else 1 + fed
        if abs(x - y) > 2:
            return 0
        if {x, y} in ({-1, -2}, {end + 1, end + 2}):
            return minus * r
        sides = sum(unit in (-1, end + 1) for unit in (x, y))
        return int(minus * r * q ** (sides + 2 * is_within))

    return [[entry(x, y) for y in sites] for x in sites]


def _trees(gaps: tuple[int, ...]) -> int:
    """How many spanning trees: runs of neighbours are joined by single links, and have Fibonacci numbers."""
    result, run = 1, 1
    for gap in (*gaps, 2):
        if gap == 1:
            run += 1
            continue
        result *= int(sympy.fibonacci(2 * run - 2)) if run > 1 else 1
        run = 1
    return result
