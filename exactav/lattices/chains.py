"""Chains of reach 1 and 2, with exact numbers: :mod:`.roots` at the root of an equation."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy
from sympy import Integer, sqrt

from exactav.engines.plan import MAX_COST
from exactav.errors import InvalidNetworkError, OptionError, TooCostlyError
from exactav.lattices.lattice import Lattice
from exactav.lattices.law import LatticeSizeLaw
from exactav.lattices.roots import ROOT, green, in_root, summed, wide_green, wide_mean
from exactav.laws.truncated import MoreThan
from exactav.network.families import k_ring
from exactav.network.network import Network
from exactav.numbers.arguments import collection, function, seconds, taking
from exactav.numbers.digits import checked_digits, evaluate_exact, sign_of
from exactav.numbers.expressions import exact, shown
from exactav.numbers.whole import whole
from exactav.running.amounts import duration_text
from exactav.running.tasks import Progress, no_progress
from exactav.showing import html

_WIDE_SET = 1e-3  # seconds of an assembly of reach 2, measured


def _digits(value: Any, name: str) -> int:
    return checked_digits(value)


class Chain(Lattice):
    """A chain of reach 1 or 2, whose numbers are exact: algebraic, or formulas in a symbol.

    Methods are those of :class:`Lattice`; numbers are exact unless ``digits`` are given. Made by
    :func:`exactav.lattices.chain`.

    Attributes:
        alpha: row sum of the weights.
        reach: how many units on either side a unit feeds.
    """

    __slots__ = ("alpha", "reach")

    def __init__(self, alpha: sympy.Expr, reach: int) -> None:
        alpha, reach = exact(alpha, "alpha"), whole(reach, "reach", 1, 2)
        low, high = sign_of(alpha), sign_of(1 - alpha)
        if low == -1 or high in (0, -1):
            raise InvalidNetworkError(f"alpha = {shown(alpha)}: a chain has a row sum from 0 to below 1")
        self.alpha, self.reach = alpha, reach
        self._labels = (0,)
        self._name = f"chain({shown(alpha)})" if reach == 1 else f"chain({shown(alpha)}, reach={reach})"

    @property
    def dimension(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and (self.alpha, self.reach) == (other.alpha, other.reach)

    def __hash__(self) -> int:
        return hash((self.alpha, self.reach))

    def _repr_html_(self) -> str:
        said = [("reach", html.text(self.reach)), ("row sum", html.text(self.alpha, 200))]
        return html.card(
            "Chain without end", html.facts(said), html.displayed(f"z = {sympy.latex(self.root)}")
        )

    def size_in_root(self, size: int) -> sympy.Expr:
        """P(L = size) as a rational function of the symbol z, which stands for :attr:`root`.

        >>> from exactav.lattices import chain
        >>> chain("1/2").size_in_root(3)
        3*z**2*(1 - z)**2
        >>> chain("1/2", reach=2).size_in_root(1)
        -(2*z - 1)*(z**2 - 3*z + 1)*(z**2 - z + 1)*(2*z**2 - 2*z + 1)/((1 - z)**5*(z + 1))
        """
        return in_root(self._affordable(size, "size", MAX_COST), self.reach)

    @property
    def root(self) -> sympy.Expr:
        """z of reach 1, r of reach 2: zero at alpha = 0, and growing with alpha.

        >>> Chain(sympy.Symbol("alpha"), 1).root, Chain(Integer(0), 2).root
        (alpha/(sqrt(1 - alpha**2) + 1), 0)
        """
        if self.reach == 1:
            return self.alpha / (1 + sqrt(1 - self.alpha**2))
        s = sqrt(1 - self.alpha)
        return 2 * (1 - s) / (3 - s + sqrt((1 + s) * (5 - 3 * s)))

    def torus(self, *sides: int) -> Network:
        """The ring of so many units, ``families.k_ring(n, alpha, reach)``."""
        if len(sides) != 1:
            raise OptionError(f"{len(sides)} sides of a chain: give one")
        return k_ring(sides[0], self.alpha, self.reach)

    @taking(digits=_digits, max_cost=seconds)
    def green(
        self, unit: Any, start: Any = None, digits: int | None = None, *, max_cost: float = MAX_COST
    ) -> sympy.Expr:
        """The entry of M^-1; exact unless ``digits`` are given.

        >>> from exactav.lattices import chain
        >>> chain("4/5").green(2), chain("4/5").green(2, digits=5)
        (5/12, 0.41667)
        """
        return self._said(
            wide_green(abs(self._at(unit, start))) if self.reach == 2 else green(abs(self._at(unit, start))),
            digits,
        )

    @taking(digits=_digits, max_cost=seconds)
    def participation(
        self, unit: Any, start: Any = None, digits: int | None = None, *, max_cost: float = MAX_COST
    ) -> sympy.Expr:
        """P(a unit fires | unit 0 fires first); exact unless ``digits`` are given.

        >>> from exactav.lattices import chain
        >>> chain("4/5").participation(3), chain("4/5", reach=2).participation(1, digits=10)
        (1/8, 0.3819660113)
        """
        x = abs(self._at(unit, start))
        return self._said(ROOT**x if self.reach == 1 else sympy.cancel(wide_green(x) / wide_green(0)), digits)

    @taking(digits=_digits, max_cost=seconds)
    def mean_size(
        self, digits: int | None = None, *, start: Any = None, max_cost: float = MAX_COST
    ) -> sympy.Expr:
        """1/((1 - alpha) G_00); exact unless ``digits`` are given.

        >>> from exactav.lattices import chain
        >>> chain("4/5").mean_size()
        3
        """
        self._at(0, start)
        return self._said((1 + ROOT) / (1 - ROOT) if self.reach == 1 else wide_mean(), digits)

    @taking(digits=_digits, max_cost=seconds)
    def assembly_probability(
        self,
        units: Iterable[Any],
        start: Any = None,
        digits: int | None = None,
        *,
        max_cost: float = MAX_COST,
    ) -> sympy.Expr:
        """P(exactly these units fire | unit 0 fires first); exact unless ``digits`` are given.

        >>> from exactav.lattices import chain
        >>> chain("4/5").assembly_probability([0, 1, 2]), chain("4/5").assembly_probability([0, 2])
        (1/16, 0)
        """
        found = sorted({self._at(unit, start) for unit in collection(units, "units", "[0, 1]")})
        gaps = [b - a for a, b in pairwise(found)]
        if 0 not in found or any(gap > self.reach for gap in gaps):
            return Integer(0)
        if self.reach == 1:
            return self._said(ROOT ** (len(found) - 1) * (1 - ROOT) ** 2, digits)
        if len(found) > _MOST_WIDE:
            raise OptionError(f"a set of {len(found)} units: at most {_MOST_WIDE} of a chain of reach 2")
        return self._said(summed({tuple(gaps): 1}), digits)

    @taking(digits=_digits, max_cost=seconds)
    def size_law(
        self,
        up_to: int,
        digits: int | None = None,
        *,
        start: Any = None,
        max_cost: float = MAX_COST,
        progress: Progress | None = None,
    ) -> LatticeSizeLaw:
        """P(L = 1), ..., P(L = up_to) and P(L > up_to), given an avalanche; exact.

        Args:
            up_to, start, max_cost, progress: as those of :meth:`Lattice.size_law`.
            digits: makes no difference here: ``law.evaluate(digits)`` gives any number of them.

        Raises:
            TooCostlyError: of reach 2, 2^(up_to - 1) sets would take more than ``max_cost`` seconds.

        >>> from exactav.lattices import chain
        >>> chain("4/5").size_law(3)
        <LatticeSizeLaw of chain(4/5): 1: 1/4, 2: 1/4, 3: 3/16, > 3: 5/16>
        """
        most = self._affordable(up_to, "up_to", max_cost)
        self._at(0, start)
        told = no_progress if progress is None else function(progress, "progress", "the share that is done")
        found: dict[Any, sympy.Expr] = {}
        for size in range(1, most + 1):
            found[size] = self._said(in_root(size, self.reach), None)
            told(size / most)
        larger = 1 - sympy.Add(*found.values())
        if self.reach == 1:
            larger = self._said(ROOT**most * (1 + most - most * ROOT), None)
        found[MoreThan(most)] = sympy.expand(larger) if self.alpha.is_Rational else larger
        return LatticeSizeLaw(self._name, most, found)

    def _affordable(self, size: Any, name: str, max_cost: float) -> int:
        most = whole(size, name, 1, _LARGEST)
        cost = _WIDE_SET * 2.0 ** min(most - 1, 1000) if self.reach == 2 else 1e-3 * most
        if cost > max_cost:
            raise TooCostlyError(
                f"the law of sizes up to {most} takes {duration_text(cost)}, and {duration_text(max_cost)} "
                f"is allowed: raise max_cost, or ask for a smaller {name}"
            )
        return most

    def _at(self, unit: Any, start: Any) -> int:
        if start is not None:
            self._start(start)
        return self._unit(unit)[1][0]

    def _said(self, value: sympy.Expr, digits: int | None) -> sympy.Expr:
        """A rational function of the root, at the root."""
        found = self._in_radicals(value) if self.alpha.is_Rational else value.xreplace({ROOT: self.root})
        return found if digits is None else evaluate_exact(found, digits)

    def _in_radicals(self, value: sympy.Expr) -> sympy.Expr:
        """As a sum of products of rational numbers and of at most two square roots.

        Of reach 2, with s^2 = 1 - alpha and q^2 = (1 + s) (5 - 3 s) it is (3 - s - q) (1 + s)/(2 alpha).
        """
        if not self.alpha:
            return value.subs(ROOT, 0)
        modulus = minimal_polynomial_of(self)
        above, below = (sympy.Poly(part, ROOT, domain="QQ") for part in sympy.fraction(sympy.together(value)))
        least = (above * sympy.invert(below, modulus)).rem(modulus)
        if self.reach == 1:
            return sympy.expand(least.as_expr().subs(ROOT, (1 - sqrt(1 - self.alpha**2)) / self.alpha))
        squares = [_Q**2 - 2 - 3 * self.alpha - 2 * _S, _S**2 - 1 + self.alpha]
        root = (3 - _S - _Q) * (1 + _S) / (2 * self.alpha)
        (_, rest) = sympy.reduced(least.as_expr().subs(ROOT, root), squares, _Q, _S, order="lex")
        s = sqrt(1 - self.alpha)
        return sympy.expand(rest).xreplace({_Q: sqrt(sympy.expand((1 + s) * (5 - 3 * s))), _S: s})


_Q, _S = sympy.symbols("q s")
_MOST_WIDE = 40
_LARGEST = 10**7  # of the sizes that are told apart


@lru_cache(maxsize=64)
def minimal_polynomial_of(chain: Chain) -> sympy.Poly:
    """That of the root over the rational numbers."""
    z, alpha = ROOT, chain.alpha
    equation = alpha * (1 + z**2) - 2 * z
    if chain.reach == 2:
        equation = alpha * ((1 + z**2) * (1 - z) ** 2 + z**2) - 4 * z * (1 - z) ** 2
    _, factors = sympy.Poly(equation, z, domain="QQ").factor_list()
    root = chain.root
    (found,) = [factor for factor, _ in factors if sign_of(factor.as_expr().xreplace({z: root})) == 0]
    return found
