"""What a check is: a function of a network that fails where two roads to a number differ."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from random import Random
from typing import Any

import mpmath
import sympy

import exactav as ea

MAX_COST = 2.0  # estimated seconds of anything that is asked
MOST_LISTED = 20_000  # forests that oracles go through
_DIGITS = 60

Run = Callable[[ea.Network, Random, "Figures"], None]


class Wrong(AssertionError):  # noqa: N818 - it is what a check says
    """Two roads differ."""


class NotAskedError(Exception):
    """The question makes no sense for this network."""


def needs(condition: Any) -> None:
    """Raises NotAskedError unless there is what a check needs."""
    if not condition:
        raise NotAskedError


@dataclass
class Figures:
    """What checks measure on the way.

    Attributes:
        ratios: by name, the worst ratio of a floating-point error to its proven bound.
        p_values: by name, of every sample that was compared with a law.
        costs: by name, the worst ratio of measured seconds to those estimated.
    """

    ratios: dict[str, float] = field(default_factory=dict)
    p_values: dict[str, list[float]] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)

    def error(self, name: str, found: Any, exact: sympy.Expr, bound: float) -> None:
        """A float against the exact value, with the bound of its relative error."""
        if found == exact:
            ratio = 0.0
        else:
            true = exact if exact.is_Rational else sympy.Rational(str(sympy.N(exact, 60)))
            off = abs(Fraction(*float(found).as_integer_ratio()) / Fraction(int(true.p), int(true.q)) - 1)
            ratio = float(off / Fraction(bound)) if bound else float("inf")
        self.ratios[name] = max(ratio, self.ratios.get(name, 0.0))
        if not ratio <= 1:
            raise Wrong(
                f"{name}: {found!r} for {exact}: the error is {ratio:.3g} times its bound {bound:.3g}"
            )

    def p_value(self, name: str, test: Callable[[int], float]) -> None:
        """A p-value, by a function of the number of draws; a small one is asked for again, of more draws.

        Chances of a false alarm are below 1e-11, where a p-value is right only within a factor of thousands.
        """
        p = test(1)
        self.p_values.setdefault(name, []).append(p)
        if p < 1e-5 and (again := test(10)) < 1e-6:
            raise Wrong(f"{name}: p-values {p:.3g} and {again:.3g} of new draws")


@dataclass(frozen=True)
class Check:
    """A check, and which networks it is for."""

    name: str
    run: Run
    applies: Callable[[ea.Network], bool]


CHECKS: dict[str, Check] = {}


def check(
    name: str, *, most: int = 40, rational: bool = False, numbers: bool = False, listed: bool = False
) -> Callable[[Run], Run]:
    """Registers a function as a check.

    Args:
        most: units of the networks it is for.
        rational, numbers: whether it takes rational networks only, or none with symbols.
        listed: whether oracles have to list all forests.
    """

    def registered(run: Run) -> Run:
        def applies(net: ea.Network) -> bool:
            if net.n_units > most or (numbers and net.symbols):
                return False
            if (rational or listed) and not is_rational(net):
                return False
            return not listed or n_forests(net) <= MOST_LISTED

        assert name not in CHECKS, name
        CHECKS[name] = Check(name, run, applies)
        return run

    return registered


def is_rational(net: ea.Network) -> bool:
    """Whether all numbers of a network are rational."""
    numbers = [*net.entries.values(), *net.thresholds, *net.drive]
    return all(number.is_Rational for number in numbers) and (
        net.increment is None or net.increment.is_Rational
    )


def n_cells(net: ea.Network) -> float:
    """The number of states of the lattice of increments, if weights and thresholds are multiples of these."""
    step = net.increment
    if step is None or not all((x / step).is_Integer for x in [*net.entries.values(), *net.thresholds]):
        return float("inf")
    return int(net.volume() / step**net.n_units)


def n_forests(net: ea.Network) -> int:
    """A bound of the number of forests that oracles list."""
    return sum(map(bool, net.drive)) * prod(len(row) + 1 for row in net.rows)


@dataclass(frozen=True)
class Plain:
    """A rational network as oracles read it, and its labels."""

    W: list[list[Fraction]]
    U: list[Fraction]
    drive: list[Fraction]
    leak: list[Fraction]
    labels: tuple[Hashable, ...]

    @classmethod
    def of(cls, net: ea.Network) -> "Plain":
        units = range(net.n_units)
        W = [[fraction(net.entries.get((i, j), sympy.Integer(0))) for j in units] for i in units]
        U, drive = [fraction(x) for x in net.thresholds], [fraction(x) for x in net.drive]
        return cls(W, U, drive, [u - sum(row) for u, row in zip(U, W, strict=True)], net.labels)

    def named(self, units: frozenset[int]) -> frozenset[Hashable]:
        return frozenset(self.labels[unit] for unit in units)


def fraction(number: sympy.Expr) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def equal(a: Any, b: Any) -> bool:
    """Whether two expressions are equal, decided apart from exactav: by digits, at points."""
    if a == b:
        return True
    a, b = sympy.sympify(a), sympy.sympify(b)
    if a.is_Rational and b.is_Rational:
        return False
    symbols = sorted((a.free_symbols | b.free_symbols), key=str)
    for place in range(2 if symbols else 1):
        values = {s: sympy.Rational(7 + 2 * i + 5 * place, 11 + 3 * place) for i, s in enumerate(symbols)}
        # much cancels in differences, so more digits are worked with than are compared
        left, right = (sympy.N(x.xreplace(values), _DIGITS, maxn=2000) for x in (a, b))
        with mpmath.workdps(_DIGITS):
            if abs(left - right) > sympy.Float(10, _DIGITS) ** -40 * max(abs(left), abs(right), 1):
                return False
    return True


def same(found: Any, wanted: Any, what: str) -> None:
    """Raises Wrong unless two numbers are equal."""
    if not equal(found, wanted):
        raise Wrong(f"{what}: {found}, and on another road {wanted}")


def same_law(found: Mapping[Any, Any], wanted: Mapping[Any, Any], what: str) -> None:
    """Raises Wrong unless two laws are equal; outcomes of probability 0 may be missing."""
    for outcome in {**found, **wanted}:
        zero = sympy.Integer(0)
        same(found.get(outcome, zero), wanted.get(outcome, zero), f"{what}, P({outcome})")


def pushed(law: Mapping[Any, Any], function: Callable[[Any], Any]) -> dict[Any, Any]:
    """The law of function(x)."""
    image: dict[Any, Any] = {}
    for outcome, p in law.items():
        value = function(outcome)
        image[value] = image.get(value, 0) + p
    return image


def law_of(net: ea.Network, start: Hashable | None = None, **options: Any) -> dict[frozenset[Hashable], Any]:
    """P(assembly) given an avalanche, of weak drive where the increment is large."""
    return ea.assembly_law(net.with_increment(None), start, max_cost=MAX_COST, **options).pmf()


def is_stepping(net: ea.Network) -> bool:
    """Whether the network has an increment, at most the leak of all driven units."""
    step, lost = net.increment, net.leak
    return step is not None and all(
        sympy.N(step - s, 30) <= 0 for s, p in zip(lost, net.drive, strict=True) if p
    )
