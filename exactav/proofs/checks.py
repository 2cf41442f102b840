"""Checks: computations with a verdict, on which formulas and derivations rest, and how far they reach.

A check says of which kind it is, and so how far it reaches. What is *proved* holds for all values of its
symbols, the number of units among them where it is one; what is *proved for stated sizes* holds for all
weights of networks of these sizes; what is *tested* held in each of finitely many cases.

A check holds, is refuted by a case or a point, or is undecided. A computation without a value (a division by
zero, a singular network, something too costly) decides nothing; any other error in it is passed on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import count, pairwise
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import sympy
from sympy.logic.boolalg import Boolean

from exactav.errors import ArgumentError, RefutedError, TooCostlyError
from exactav.numbers.arguments import calling, collection, each, fields_taken, one, one_of, taking, text
from exactav.numbers.digits import checked_digits, round_fraction
from exactav.numbers.expressions import described
from exactav.pickles import refusing
from exactav.proofs.asked import makes, of_case
from exactav.proofs.comparison import compare
from exactav.proofs.regions import compare_where, conditions, said
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted, undecided
from exactav.showing import html

Kind = Literal[
    "symbolic identity",
    "generic network of stated size",
    "induction",
    "polynomial of bounded degree",
    "telescoping",
    "eigenvalues",
    "limit",
    "asymptotics",
    "inequality",
    "bijection",
    "several",
    "exact on a finite set",
    "numeric",
]
Reach = Literal["proved", "proved for stated sizes", "tested"]
REACHES: tuple[Reach, ...] = ("proved", "proved for stated sizes", "tested")  # from far to near
_TESTS = ("exact on a finite set", "numeric")
Case = TypeVar("Case")
Where: TypeAlias = "Boolean | bool | Iterable[Boolean | bool]"
NO_VALUE = (ArithmeticError, ValueError, RecursionError, TooCostlyError)


@dataclass(frozen=True)
class Check:
    """A claim with a computation that says whether it holds.

    Attributes:
        kind: how far the check reaches.
        claim: what is checked, in plain text, with the finite set if there is one.
        computation: takes nothing, returns a verdict.
        sizes: what a proof is confined to, such as ``N = 4``; None if nothing.
        parts: the checks that one of several is made of.
        where: conditions on symbols under which it is claimed.
    """

    kind: Kind
    claim: str
    computation: Callable[[], Verdict]
    sizes: str | None = None
    parts: tuple["Check", ...] = ()
    where: tuple[Boolean, ...] = ()

    __reduce_ex__ = refusing("make it where it is needed, or pickle its verdict")

    def __post_init__(self) -> None:
        kinds = get_args(Kind)
        fields_taken(
            self,
            kind=lambda value, name: one_of(value, name, kinds),
            claim=text,
            computation=calling("no argument, which returns a Verdict"),
            sizes=text,
            parts=each(one(Check, "identity('a claim', left, right)"), "(check,)"),
            where=each(one(Boolean, "a < 1"), "(a < 1,)"),
        )

    @property
    def reach(self) -> Reach:
        """Whether the claim, if it holds, is proved, proved for stated sizes, or tested."""
        if self.parts:
            return max((part.reach for part in self.parts), key=REACHES.index)
        if self.kind in _TESTS:
            return "tested"
        return "proved" if self.sizes is None else "proved for stated sizes"

    @property
    def said(self) -> str:
        """The reach, the conditions and the kind in words.

        >>> exactly("Gauss", range(5), lambda n: sum(range(n)), lambda n: n * (n - 1) // 2).said
        'tested: exact on a finite set'
        """
        leaves = self._leaves()
        sizes = ", ".join(dict.fromkeys(leaf.sizes for leaf in leaves if leaf.sizes))
        reach = self.reach.replace("stated sizes", sizes) if sizes else self.reach
        if where := said(list(dict.fromkeys(condition for leaf in leaves for condition in leaf.where))):
            reach += f" where {where}"
        return f"{reach}: {', '.join(dict.fromkeys(leaf.kind for leaf in leaves))}"

    def __repr__(self) -> str:
        return f"<Check: {self.claim} ({self.said})>"

    def _leaves(self) -> list["Check"]:
        return [leaf for part in self.parts for leaf in part._leaves()] or [self]

    def _repr_html_(self) -> str:
        said = [("claim", html.text(self.claim, 400)), ("reach", html.text(self.said))]
        return html.card("Check", html.facts(said))

    def verdict(self) -> Verdict:
        """Whether the claim holds, is refuted and where, or is undecided and why."""
        try:
            return _verdict(self.computation(), "of a check")
        except RefutedError as error:
            return refuted(str(error))
        except NO_VALUE as error:
            return undecided(f"there is no value: {error}")

    def run(self) -> None:
        """Nothing, if the claim holds.

        Raises:
            RefutedError: it is false; the message names a counterexample.
            UndecidedError: it is neither proved nor refuted.
        """
        self.verdict().require(self.claim)


def _verdict(found: Any, what: str) -> Verdict:
    if isinstance(found, Verdict):
        return found
    raise ArgumentError(
        f"the verdict {what} is {described(found)}: return a Verdict, such as Verdict('holds')"
    )


@taking(claim=text, left=makes, right=makes)
def identity(
    claim: str,
    left: Callable[[], Any],
    right: Callable[[], Any],
    *,
    sizes: str | None = None,
    where: Where = (),
) -> Check:
    """A check that two expressions, or matrices or lists of some, are equal for all values of their symbols.

    Args:
        claim: what is checked, in plain text.
        left: makes one side.
        right: makes the other.
        sizes: what it is confined to, if the sides belong to a network of a certain size, such as ``N = 4``.
        where: conditions on the symbols, such as ``(0 < a, a < 1)``, beside what is assumed of these
            themselves; roots and cases are settled by them, and only points that fulfil them refute.

    Raises:
        ArgumentError: the conditions are none, or contradict each other.

    >>> x, n = sympy.symbols("x n")
    >>> identity("a square", lambda: (x + 1) ** 2, lambda: x**2 + 2 * x + 1).run()
    >>> identity("Pascal", lambda: sympy.binomial(n + 1, 2), lambda: sympy.binomial(n, 2) + n).run()
    >>> identity("no square", lambda: (x + 1) ** 2, lambda: x**2 + 1).verdict().detail
    'at x = 6, left is 49, right is 37'
    >>> a = sympy.Symbol("a", real=True)
    >>> root = identity("a root", lambda: sympy.sqrt((1 - a) ** 2), lambda: 1 - a, where=a < 1)
    >>> root.verdict().outcome, root.said
    ('holds', 'proved where a < 1: symbolic identity')
    """
    return chain(claim, left, right, sizes=sizes, where=where)


@taking(claim=text)
def chain(claim: str, *members: Any, sizes: str | None = None, where: Where = ()) -> Check:
    """A check that a == b == c == ...: expressions, matrices, laws, or functions that make them.

    Args:
        claim: what is checked, in plain text.
        members: two or more; a function without arguments is called when the check runs.
        sizes: as of :func:`identity`.
        where: the same.

    Raises:
        ArgumentError: there are fewer than two members; or as of :func:`identity`.

    >>> n, k = sympy.symbols("n k", integer=True, positive=True)
    >>> pascal = chain("three ways", (n + 1) * n, n**2 + n, 2 * sympy.binomial(n + 1, 2))
    >>> pascal.verdict().outcome, pascal.said
    ('holds', 'proved: symbolic identity')
    >>> chain("a slip", (n + 1) ** 2, n**2 + 2 * n + 1, n**2 + 1).verdict().detail
    'the second equals sign, at n = 6, left is 49, right is 37'
    """
    if len(members) < 2:
        raise ArgumentError(f"{claim!r} has {len(members)} members: give at least two that are equal")
    region = conditions(where)

    def computation() -> Verdict:
        values = [_made(member) for member in members]
        pairs = [compare_where(a, b, region) for a, b in pairwise(values)]
        if len(pairs) == 1:
            return pairs[0]
        places = (f"the {_ORDINALS.get(i, f'{i}th')} equals sign" for i in count(1))
        return all_hold(verdict.at(place) for verdict, place in zip(pairs, places, strict=False))

    return Check("symbolic identity", claim, computation, sizes, where=region)


def _made(member: Any) -> Any:
    """What a function makes; anything else is itself (symbols of SymPy can be called, too)."""
    return member() if callable(member) and not isinstance(member, sympy.Basic) else member


def _cases(value: Any, name: str) -> list[Any]:
    return collection(value, name, "[1, 2, 3]")


_ORDINALS = {1: "first", 2: "second", 3: "third"}


@taking(claim=text, checks=one(Check, "identity('a claim', left, right)"))
def several(claim: str, *checks: Check) -> Check:
    """A check made of others (at least one), which holds if all do; it reaches as far as the nearest.

    >>> x = sympy.Symbol("x")
    >>> parts = [identity(f"x^{n}", lambda: x**2 - x * x, lambda: 0) for n in (2, 3)]
    >>> several("both", *parts).said
    'proved: symbolic identity'
    """
    if not checks:
        raise ArgumentError(f"{claim!r} has no checks: give at least one")
    return Check(
        "several", claim, lambda: all_hold(part.verdict().at(part.claim) for part in checks), None, checks
    )


@taking(claim=text, cases=_cases, verdict=of_case)
def in_all(
    claim: str,
    cases: Iterable[Case],
    verdict: Callable[[Case], Verdict],
    *,
    kind: Kind,
    sizes: str | None = None,
) -> Check:
    """A check that something holds in each of ``cases`` (at least one), as ``verdict`` says of one."""
    listed = list(cases)

    def one(case: Case) -> Verdict:
        try:
            return _verdict(verdict(case), f"in case {described(case)}").at(f"in case {case}")
        except RefutedError as error:
            return refuted(f"in case {case}, {error}")
        except NO_VALUE as error:
            return undecided(f"in case {case}, there is no value: {error}")

    def computation() -> Verdict:
        return all_hold(map(one, listed)) if listed else undecided("there are no cases")

    return Check(kind, claim, computation, sizes)


@taking(left=of_case, right=of_case)
def exactly(
    claim: str, cases: Iterable[Case], left: Callable[[Case], Any], right: Callable[[Case], Any]
) -> Check:
    """A check that two computations give equal exact results in each of ``cases``.

    Results are compared by :func:`exactav.proofs.comparison.compare`.

    >>> exactly("Gauss", range(5), lambda n: sum(range(n)), lambda n: n * (n - 1) // 2).run()
    >>> exactly("not Gauss", range(5), lambda n: sum(range(n)), lambda n: n).run()
    Traceback (most recent call last):
    exactav.errors.RefutedError: not Gauss: in case 1, left is 0, right is 1
    """
    return in_all(claim, cases, lambda case: compare(left(case), right(case)), kind="exact on a finite set")


@taking(condition=of_case)
def everywhere(claim: str, cases: Iterable[Case], condition: Callable[[Case], bool]) -> Check:
    """A check that a condition, decided exactly, is true in each of ``cases``.

    >>> everywhere("squares are at least 0", range(-3, 4), lambda n: n * n >= 0).run()
    """
    return in_all(
        claim,
        cases,
        lambda case: HOLDS if condition(case) else refuted("it is not so"),
        kind="exact on a finite set",
    )


@taking(digits=lambda value, _: checked_digits(value), left=of_case, right=of_case)
def same_digits(
    claim: str, digits: int, cases: Iterable[Case], left: Callable[[Case], Any], right: Callable[[Case], Any]
) -> Check:
    """A check that two computations give numbers with the same first ``digits`` significant digits, rounded.

    Each side is an exact rational number, or a Float of which at least ``digits`` digits are correct.

    >>> third = sympy.Float("0.33333", 5)
    >>> same_digits("a third", 5, [3], lambda n: sympy.Rational(1, n), lambda n: third).run()
    """

    def one(case: Case) -> Verdict:
        shown = [_rounded(side(case), digits) for side in (left, right)]
        return HOLDS if shown[0] == shown[1] else refuted(f"left is {shown[0]}, right is {shown[1]}")

    return in_all(claim, cases, one, kind="numeric")


def _rounded(value: Any, digits: int) -> Decimal:
    if isinstance(value, sympy.Rational | int | Fraction):
        return round_fraction(Fraction(int(value.numerator), int(value.denominator)), digits)
    if isinstance(value, sympy.Float):
        return round_fraction(Fraction(str(value)), digits)
    raise ArgumentError(f"{described(value)} is neither rational nor a Float: it has no digits to compare")
