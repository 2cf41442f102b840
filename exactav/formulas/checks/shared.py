"""Checks that several families share: a formula against what is computed of networks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from math import comb, prod
from typing import Any

import sympy
from sympy import Rational

from exactav.errors import RefutedError
from exactav.formulas.evaluation import IrrationalValueError
from exactav.formulas.formula import Formula, NoValueError
from exactav.laws.assembly import assembly_law, assembly_probability
from exactav.laws.composition import composition_law
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly, in_all, same_digits
from exactav.proofs.comparison import compare
from exactav.proofs.verdicts import Verdict, refuted

Checks = Callable[[Formula], tuple[Check, ...]]
Counts = tuple[int, ...]
Family = Callable[[int, Any], Network]  # N, alpha -> network
Quantity = Callable[..., Any]  # of the values of a case, by the names of their symbols
Values = Mapping[str, Any]
COUPLINGS = (Rational(1, 3), Rational(3, 4), Rational(99, 100))
COUPLED = (Rational(0), *COUPLINGS)


def grid(**axes: Iterable[Any]) -> list[dict[str, Any]]:
    """All values of several symbols.

    >>> grid(N=(1, 2), L=(1,))
    [{'N': 1, 'L': 1}, {'N': 2, 'L': 1}]
    """
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


def put_in(formula: Formula, values: Values) -> sympy.Expr:
    """The formula's expression with values put in for the symbols of these names, in lowest terms."""
    bound = {
        symbol: sympy.sympify(values[symbol.name]) for symbol in formula.symbols if symbol.name in values
    }
    expr = formula.expr.xreplace(bound).replace(sympy.Determinant, lambda matrix: matrix.det())
    # What is left of a Piecewise are cases at single points of a symbol, which stands for all other points.
    expr = expr.subs(dict.fromkeys(expr.atoms(sympy.Eq), sympy.false))
    return sympy.cancel(sympy.together(expr.doit()))


def value(formula: Formula, values: Values) -> sympy.Expr:
    """The formula at rational values of all symbols, or in those that are left, or replaced by others.

    Raises:
        RefutedError: it has no rational value where its conditions hold.
    """
    known = (symbol.name in values for symbol in formula.symbols)
    if all(known) and not any(isinstance(x, sympy.Expr) and x.free_symbols for x in values.values()):
        with _valued():
            return formula.at(values)
    return put_in(formula, values)


@contextmanager
def _valued() -> Iterator[None]:
    """What is compared with a formula has a value, so a formula without one is wrong there."""
    try:
        yield
    except (NoValueError, IrrationalValueError) as error:
        raise RefutedError(f"the formula has no such value: {error}") from None


def _all_of(formula: Formula, values: Values) -> dict[str, Any]:
    """The values of a case, and the symbols that have none."""
    return {**{symbol.name: symbol for symbol in formula.symbols}, **values}


def agrees(claim: str, formula: Formula, cases: Iterable[Values], quantity: Quantity) -> Check:
    """A check that the formula is ``quantity(**values)`` in all cases; some symbols may be left in."""
    return exactly(
        claim, cases, lambda case: value(formula, case), lambda case: quantity(**_all_of(formula, case))
    )


def digits_agree(
    claim: str, formula: Formula, cases: Iterable[Values], quantity: Quantity, digits: int = 50
) -> Check:
    """A check that digits of the formula are those of ``quantity(**values)``, exact or with more digits."""
    return same_digits(
        f"{digits} digits of {claim}",
        digits,
        cases,
        lambda case: _digits_of(formula, case, digits),
        lambda case: quantity(**case),
    )


def _digits_of(formula: Formula, values: Values, digits: int) -> sympy.Float:
    with _valued():
        return formula.evaluate(values, digits)


@dataclass(frozen=True)
class LawFormula:
    """A formula that is a law.

    Attributes:
        formula: the probability of one outcome.
        names: of the symbols that are the outcome.
        outcomes: all outcomes at the values of a case, numbers or tuples as ``names`` are one or several.
    """

    formula: Formula
    names: tuple[str, ...]
    outcomes: Callable[..., Iterable[Any]]

    def put(self, case: Values, outcome: Any) -> dict[str, Any]:
        """The values of a case with an outcome."""
        several = outcome if isinstance(outcome, tuple) else (outcome,)
        return {**case, **dict(zip(self.names, several, strict=True))}

    def law(self, case: Values) -> dict[Any, sympy.Expr]:
        """The probabilities of all outcomes."""
        found = self.outcomes(**_all_of(self.formula, case))
        return {outcome: value(self.formula, self.put(case, outcome)) for outcome in found}

    def agrees(self, claim: str, cases: Iterable[Values], law: Quantity) -> Check:
        """A check that these are the probabilities of a law, which may leave out what cannot happen."""

        def one(case: Values) -> Verdict:
            shown, found = self.law(case), dict(law(**_all_of(self.formula, case)))
            if more := set(found) - set(shown):
                return refuted(f"the law has the outcomes {more}")
            return compare(shown, {outcome: found.get(outcome, 0) for outcome in shown})

        return in_all(claim, cases, one, kind="exact on a finite set")

    def normalised(self, claim: str, cases: Iterable[Values]) -> Check:
        """A check that the probabilities add up to 1."""
        return exactly(claim, cases, lambda case: sympy.Add(*self.law(case).values()), lambda _: 1)

    def digits(
        self, claim: str, cases: Iterable[Values], outcomes: Callable[..., Iterable[Any]], law: Quantity
    ) -> Check:
        """A check of 50 digits of some outcomes against an exact law."""

        @cache
        def found(*items: tuple[str, Any]) -> Mapping[Any, sympy.Expr]:
            return dict(law(**dict(items)))

        return same_digits(
            f"50 digits of {claim}",
            50,
            [(case, outcome) for case in cases for outcome in outcomes(**case)],
            lambda pair: _digits_of(self.formula, self.put(*pair), 50),
            lambda pair: found(*pair[0].items()).get(pair[1], 0),
        )


def counted(
    net: Network, groups: Sequence[Sequence[int]], start: int | None = None
) -> dict[Counts, sympy.Expr]:
    """The law of how many units of each group fire: that of all assemblies with their units counted.

    >>> counted(Network([[0, "1/2"], ["1/4", 0]]), [[0], [1]], start=0)
    {(1, 0): 3/4, (1, 1): 1/4}
    """
    group = {unit: g for g, units in enumerate(groups) for unit in units}
    found: Counter[Counts] = Counter()
    for assembly, probability in assembly_law(net, start=start).items():
        fired = Counter(group[unit] for unit in assembly if unit in group)
        found[tuple(fired[g] for g in range(len(groups)))] += probability
    return dict(found)


def over_counts(
    net: Network, groups: Sequence[Sequence[int]], start: int | None = None
) -> Mapping[Counts, sympy.Expr]:
    """The same from sums over count vectors, at sizes that have no list of all assemblies."""
    return composition_law(net, groups, start, method="populations")


def of_one(
    net: Network, groups: Sequence[Sequence[int]], counts: Counts, start: int | None = None
) -> sympy.Expr:
    """The probability of one composition, from the determinants of one of its assemblies: all are alike.

    The start must be the first of its group.
    """
    assembly = [unit for units, count in zip(groups, counts, strict=True) for unit in units[:count]]
    ways = prod(
        comb(len(units) - (start in units), count - (start in units))
        for units, count in zip(groups, counts, strict=True)
    )
    return ways * assembly_probability(net, assembly, start)


def in_blocks(sizes: Sequence[int]) -> list[range]:
    """Consecutive units in groups of these sizes.

    >>> in_blocks((2, 1))
    [range(0, 2), range(2, 3)]
    """
    ends = [sum(sizes[:a]) for a in range(len(sizes) + 1)]
    return [range(*pair) for pair in pairwise(ends)]


def together(*makers: Checks) -> Checks:
    """The checks of all ``makers``."""
    return lambda formula: tuple(check for maker in makers for check in maker(formula))


def sizes_up_to(N: int, **_: Any) -> range:
    """All sizes of N units."""
    return range(1, N + 1)


def small(smallest: int, largest: int = 8) -> list[dict[str, Any]]:
    """N up to 8 at several couplings, 0 included."""
    return grid(N=range(smallest, largest + 1), alpha=COUPLED)


def quantity_checks(
    what: str,
    quantity: Callable[[Network], sympy.Expr],
    family: Family,
    smallest: int,
    *,
    largest: int = 8,
    largest_symbolic: int = 6,
) -> Checks:
    """The checks of a formula in N and alpha against what is computed of each network of a family."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        def found(N: int, alpha: Any) -> sympy.Expr:
            return quantity(family(N, alpha))

        numbers, symbolic = f"N = {smallest} .. {largest}", f"N = {smallest} .. {largest_symbolic}"
        return (
            agrees(f"{what} for {numbers}, at several couplings", formula, small(smallest, largest), found),
            agrees(
                f"{what} in symbolic alpha for {symbolic}",
                formula,
                grid(N=range(smallest, largest_symbolic + 1)),
                found,
            ),
        )

    return checks


def size_checks(family: Family, smallest: int, *, large: int = 60) -> Checks:
    """The checks of a size law P(L) in N, L and alpha."""
    some = (1, 2, large // 2, large - 1, large)

    def found(N: int, alpha: Any, **_: Any) -> Mapping[int, sympy.Expr]:
        return size_law(family(N, alpha))

    def checks(formula: Formula) -> tuple[Check, ...]:
        law = LawFormula(formula, ("L",), sizes_up_to)
        return (
            law.agrees(
                f"the size laws of N = {smallest} .. 8 from determinants, at several couplings",
                small(smallest),
                found,
            ),
            law.agrees(
                f"the same in symbolic alpha for N = {smallest} .. 6", grid(N=range(smallest, 7)), found
            ),
            law.normalised(
                f"normalisation in symbolic alpha for N = {smallest} .. 8", grid(N=range(smallest, 9))
            ),
            law.normalised(f"normalisation for N = {large}, exactly", grid(N=[large], alpha=COUPLINGS)),
            law.digits(
                f"the size law of N = {large} from sums over classes or along the network",
                grid(N=[large], alpha=COUPLINGS),
                lambda **_: some,
                found,
            ),
        )

    return checks


def mean_checks(family: Family, smallest: int, *, large: int = 200) -> Checks:
    """The checks of a mean size in N and alpha."""

    def green(N: int, alpha: Any) -> sympy.Expr:
        return mean_size(family(N, alpha))

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            agrees(
                f"mean sizes from the Green matrix for N = {smallest} .. 8, at several couplings",
                formula,
                small(smallest),
                green,
            ),
            agrees(
                f"the sum of L P(L) in symbolic alpha for N = {smallest} .. 6",
                formula,
                grid(N=range(smallest, 7)),
                lambda N, alpha: size_law(family(N, alpha)).mean(),
            ),
            digits_agree(
                f"the mean size from the Green matrix for N = {large}",
                formula,
                grid(N=[large], alpha=COUPLINGS),
                green,
            ),
        )

    return checks
