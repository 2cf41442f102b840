"""Ready lattices."""

from fractions import Fraction
from typing import Any

import sympy

from exactav.errors import NotRationalError, OptionError
from exactav.lattices.chains import Chain
from exactav.lattices.lattice import Lattice
from exactav.numbers.expressions import exact, shown
from exactav.numbers.whole import whole

_FARTHEST = 10_000  # neighbours on either side


def chain(alpha: Any, reach: int = 1) -> Lattice:
    """Units on a line without ends, each fed alpha/(2 reach) by each of the ``reach`` nearest on either side.

    Args:
        alpha: row sum of the weights, from 0 to below 1; a symbol for reach 1 and 2.
        reach: of reach 1 and 2 everything is exact (:class:`Chain`), of others it has certain digits.

    Raises:
        NotRationalError: of reach 3 or more, alpha is no rational number.
        InvalidNetworkError: alpha is out of range.

    Derivation 18. P(L) = L z^(L-1) (1 - z)^2 of reach 1, z = alpha/(1 + sqrt(1 - alpha^2)):

    >>> chain(sympy.Symbol("alpha")).mean_size()
    (alpha/(sqrt(1 - alpha**2) + 1) + 1)/(-alpha/(sqrt(1 - alpha**2) + 1) + 1)
    """
    row_sum, k = exact(alpha, "alpha"), whole(reach, "reach", 1, _FARTHEST)
    if k <= 2:
        return Chain(row_sum, k)
    if not row_sum.is_Rational:
        raise NotRationalError(
            f"alpha = {shown(row_sum)}: chains of reach {k} have no closed form here, give a rational number"
        )
    steps = [*range(-k, 0), *range(1, k + 1)]
    return _single({(x,): row_sum / (2 * k) for x in steps}, f"chain({shown(row_sum)}, reach={k})")


def square(alpha: Any) -> "Square":
    """The square lattice, each unit fed alpha/4 by each of four neighbours.

    >>> square("9/10").mean_size(10)
    6.887798646
    """
    row_sum = exact(alpha, "alpha")
    found = Square([0], _both({(1, 0): row_sum / 4, (0, 1): row_sum / 4}))
    found._called(f"square({shown(row_sum)})")
    return found


def triangular(alpha: Any) -> Lattice:
    """The triangular lattice, each unit fed alpha/6 by each of six neighbours: those at (1, 0), (0, 1),
    (1, -1) and opposite.

    >>> triangular("9/10").size_law(1, digits=10)[1]
    0.2830275575
    """
    row_sum = exact(alpha, "alpha")
    weight = row_sum / 6
    return _single(
        {(1, 0): weight, (0, 1): weight, (1, -1): weight}, f"triangular({shown(row_sum)})", both=True
    )


def hexagonal(alpha: Any) -> Lattice:
    """The honeycomb, each unit fed alpha/3 by each of three neighbours.

    A cell has units "a" and "b"; "a" meets the "b" of its own cell and of those at (-1, 0) and (0, -1).

    >>> hexagonal("9/10").mean_size(10)
    6.265148938
    """
    row_sum = exact(alpha, "alpha")
    weights: dict[tuple[Any, Any, Any], Any] = {}
    for x, y in ((0, 0), (-1, 0), (0, -1)):
        weights["b", "a", (x, y)] = weights["a", "b", (-x, -y)] = row_sum / 3
    return Lattice("ab", weights)._called(f"hexagonal({shown(row_sum)})")


def cubic(alpha: Any) -> Lattice:
    """The simple cubic lattice, each unit fed alpha/6 by each of six neighbours.

    >>> cubic("9/10").mean_size(10)
    8.109684324
    """
    row_sum = exact(alpha, "alpha")
    axes = [tuple(int(a == b) for b in range(3)) for a in range(3)]
    return _single(dict.fromkeys(axes, row_sum / 6), f"cubic({shown(row_sum)})", both=True)


class Square(Lattice):
    """The square lattice, whose Green function is a combination of complete elliptic integrals.

    Made by :func:`square`; everything else is as of any :class:`Lattice`.
    """

    __slots__ = ()

    @property
    def alpha(self) -> sympy.Rational:
        """Row sum of the weights."""
        return sympy.Rational(sum(self._cell.weights.values(), Fraction(0)))

    def exact_green(self, unit: tuple[int, int]) -> sympy.Expr:
        """G as a combination of 1, K/pi and E/pi with rational coefficients, m = alpha^2 their parameter.

        On the diagonal by a recursion of three terms, elsewhere by M G = 1 (derivation 18).

        Raises:
            OptionError: alpha is 0.

        >>> square("9/10").exact_green((0, 0)), square("9/10").exact_green((1, 0))
        (2*elliptic_k(81/100)/pi, -10/9 + 20*elliptic_k(81/100)/(9*pi))
        """
        (x, y) = sorted(map(abs, self._unit(unit)[1]), reverse=True)
        if not self.alpha:
            raise OptionError("alpha = 0: G is 1 at the origin, and 0 elsewhere")
        one, k, e = _combination(x, y, Fraction(int(self.alpha.p), int(self.alpha.q)))
        m = self.alpha**2
        return (
            sympy.Rational(one)
            + sympy.Rational(k) * sympy.elliptic_k(m) / sympy.pi
            + sympy.Rational(e) * sympy.elliptic_e(m) / sympy.pi
        )

    def exact_mean_size(self) -> sympy.Expr:
        """1/((1 - alpha) G_00) = pi/(2 (1 - alpha) K(alpha^2)).

        >>> square("9/10").exact_mean_size()
        5*pi/elliptic_k(81/100)
        """
        return 1 / ((1 - self.alpha) * self.exact_green((0, 0)))


Combination = tuple[Fraction, Fraction, Fraction]  # of 1, K/pi and E/pi


def _combination(x: int, y: int, alpha: Fraction) -> Combination:
    """G(x, y) of the square lattice, x >= y >= 0."""
    m = alpha**2
    found: dict[tuple[int, int], Combination] = {}
    diagonal = [(Fraction(0), Fraction(2), Fraction(0)), (Fraction(0), 4 / m - 2, -4 / m)]
    for n in range(1, x + 1):
        steps = ((2 * n * (2 - m) / m, diagonal[n]), (Fraction(1, 2) - n, diagonal[n - 1]))
        diagonal.append(_sum(*((factor / (n + Fraction(1, 2)), part) for factor, part in steps)))
    unit = (Fraction(1), Fraction(0), Fraction(0))
    for j in range(x, -1, -1):  # away from the diagonal, column by column of equal differences
        found[j, j] = diagonal[j]
    for apart in range(1, x + 1):
        for j in range(x - apart + 1):
            i = j + apart - 1  # the equation at (i, j)
            if apart == 1 and j == 0:
                parts = [(1 / alpha, found[0, 0]), (-1 / alpha, unit)]
            elif apart == 1:
                parts = [(2 / alpha, found[j, j]), (Fraction(-1), found[j, j - 1])]
            else:
                around = [(i - 1, j), (i, j + 1), (i, abs(j - 1))]
                parts = [(4 / alpha, found[i, j])]
                parts += [(Fraction(-1), found[max(a, b), min(a, b)]) for a, b in around]
            found[i + 1, j] = _sum(*parts)
    return found[x, y]


def _sum(*parts: tuple[Fraction, Combination]) -> Combination:
    one, k, e = (sum((factor * part[a] for factor, part in parts), Fraction(0)) for a in range(3))
    return one, k, e


def _both(weights: dict[tuple[int, ...], sympy.Expr]) -> dict[tuple[Any, Any, Any], sympy.Expr]:
    """Weights of the only unit of a cell, to x and to -x."""
    found: dict[tuple[Any, Any, Any], sympy.Expr] = {}
    for x, weight in weights.items():
        found[0, 0, x] = found[0, 0, tuple(-a for a in x)] = weight
    return found


def _single(weights: dict[tuple[int, ...], sympy.Expr], name: str, both: bool = False) -> Lattice:
    given: dict[tuple[Any, Any, Any], sympy.Expr] = {(0, 0, x): weight for x, weight in weights.items()}
    given = _both(weights) if both else given
    return Lattice([0], given)._called(name)
