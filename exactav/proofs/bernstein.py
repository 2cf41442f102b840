"""Whether a polynomial is positive on a box, by its coefficients in Bernstein's form.

On [0, 1]^m a polynomial of degrees d is sum_i b_i prod_j C(d_j, i_j) x_j^i_j (1 - x_j)^(d_j - i_j), so it is
not negative if no b_i is. In the interior all these products are positive, so it is positive there if
besides one b_i is. What does not show at once may show on halves.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import comb

import sympy

_MOST_PARTS = 2000
Coefficients = dict[tuple[int, ...], sympy.Rational]


def is_nonnegative(
    polynomial: sympy.Expr, region: Mapping[sympy.Symbol, sympy.Interval], *, strict: bool
) -> bool:
    """Whether it is surely never negative (or, if ``strict``, positive) in the region; False if that is open.

    >>> x, y = sympy.symbols("x y")
    >>> unit = sympy.Interval(0, 1)
    >>> is_nonnegative(x * (1 - y) + y * (1 - x), {x: unit, y: unit}, strict=False)
    True
    >>> is_nonnegative(x * (1 - y) + y * (1 - x), {x: unit, y: unit}, strict=True)
    False
    """
    if polynomial.is_Rational:
        return bool(polynomial > 0 or (polynomial == 0 and not strict))
    symbols = list(region)
    for interval in region.values():
        if interval.start.is_infinite:
            return False
    moved, degrees = _on_unit_box(sympy.Poly(polynomial, *symbols), region)
    opened = [(i.left_open, i.right_open or bool(i.end.is_infinite)) for i in region.values()]
    if not strict:
        return _never_negative(moved, degrees)
    return all(
        _positive_inside(*_on_face(moved, degrees, face))
        for face in product(*[_faces(is_open) for is_open in opened])
    )


def _faces(is_open: tuple[bool, bool]) -> list[int | None]:
    """The ends of an axis that belong to the region, and what is between them (None)."""
    return [None, *(end for end, left_out in zip((0, 1), is_open, strict=True) if not left_out)]


def _on_unit_box(
    polynomial: sympy.Poly, region: Mapping[sympy.Symbol, sympy.Interval]
) -> tuple[Coefficients, tuple[int, ...]]:
    """Bernstein's coefficients of x = low + (high - low) t, or of x = low + t/(1 - t), times (1 - t)^d."""
    degrees = tuple(max(polynomial.degree(symbol), 0) for symbol in region)
    found: Coefficients = {
        power: sympy.Rational(c) for power, c in polynomial.as_dict(native=False).items() if c != 0
    }
    for axis, (interval, degree) in enumerate(zip(region.values(), degrees, strict=True)):
        found = _along(found, axis, degree, _column(interval, degree))
    return found, degrees


def _column(interval: sympy.Interval, degree: int) -> list[list[sympy.Rational]]:
    """For each power of x its Bernstein coefficients on the interval."""
    low, high = interval.start, interval.end
    columns = []
    for power in range(degree + 1):
        if high.is_infinite:  # (low + t/(1-t))^p (1-t)^d = (low (1-t) + t)^p (1-t)^(d-p)
            row = [
                sympy.Rational(comb(power, i), comb(degree, i)) * low ** (power - i)
                if i <= power
                else sympy.S.Zero
                for i in range(degree + 1)
            ]
        else:  # (low (1-t) + high t)^p (t + (1-t))^(d-p)
            row = [
                sympy.Add(
                    *(
                        comb(power, j) * comb(degree - power, i - j) * high**j * low ** (power - j)
                        for j in range(max(0, i - degree + power), min(power, i) + 1)
                    )
                )
                / comb(degree, i)
                for i in range(degree + 1)
            ]
        columns.append(row)
    return columns


def _along(
    found: Coefficients, axis: int, degree: int, columns: Sequence[Sequence[sympy.Rational]]
) -> Coefficients:
    """One axis changed from powers to Bernstein's polynomials."""
    changed: Coefficients = {}
    for place, value in found.items():
        for i, factor in enumerate(columns[place[axis]]):
            at = (*place[:axis], i, *place[axis + 1 :])
            changed[at] = changed.get(at, sympy.S.Zero) + value * factor
    return changed


def _on_face(
    found: Coefficients, degrees: tuple[int, ...], face: Sequence[int | None]
) -> tuple[Coefficients, tuple[int, ...]]:
    """The polynomial where some coordinates are 0 or 1: the coefficients at that end."""
    kept = [axis for axis, end in enumerate(face) if end is None]
    ends = {axis: end * degrees[axis] for axis, end in enumerate(face) if end is not None}
    restricted = {
        tuple(place[axis] for axis in kept): value
        for place, value in found.items()
        if all(place[axis] == end for axis, end in ends.items())
    }
    return restricted, tuple(degrees[axis] for axis in kept)


def _never_negative(found: Coefficients, degrees: tuple[int, ...]) -> bool:
    return all(all(value >= 0 for value in part.values()) for part in _parts(found, degrees))


def _positive_inside(found: Coefficients, degrees: tuple[int, ...]) -> bool:
    """On the open box; halves meet at faces, so on these it must be positive, too."""
    whole = list(found.values())
    if all(value >= 0 for value in whole):
        return any(value > 0 for value in whole)
    return all(all(value > 0 for value in part.values()) for part in _parts(found, degrees, strict=True))


def _parts(found: Coefficients, degrees: tuple[int, ...], *, strict: bool = False) -> Iterator[Coefficients]:
    """Parts of the box, halved until coefficients tell; after one that does not tell, nobody asks on."""
    waiting, seen = [(found, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        told = all(value > 0 or (value == 0 and not strict) for value in part.values())
        corner = tuple(0 for _ in degrees)
        below = part.get(corner, sympy.S.Zero) < 0
        if told or below or seen > _MOST_PARTS or not degrees:
            yield part
            continue
        axis = depth % len(degrees)
        waiting += [(half, depth + 1) for half in _halves(part, axis, degrees[axis])]


def _halves(found: Coefficients, axis: int, degree: int) -> list[Coefficients]:
    """de Casteljau: the coefficients on both halves of an axis."""
    lines: dict[tuple[int, ...], list[sympy.Rational]] = {}
    for place, value in found.items():
        rest = place[:axis] + place[axis + 1 :]
        lines.setdefault(rest, [sympy.S.Zero] * (degree + 1))[place[axis]] = value
    left: Coefficients = {}
    right: Coefficients = {}
    for rest, line in lines.items():
        row = list(line)
        for i in range(degree + 1):
            left[(*rest[:axis], i, *rest[axis:])] = row[0]
            right[(*rest[:axis], degree - i, *rest[axis:])] = row[-1]
            row = [(a + b) / 2 for a, b in pairwise(row)]
    return [left, right]
