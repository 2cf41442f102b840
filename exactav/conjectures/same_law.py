"""Whether two networks have the same law, for all values of their symbols, or where they differ."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

import sympy

from exactav.conjectures.points import points
from exactav.engines.plan import MAX_COST
from exactav.errors import ArgumentError, ExactavError, InexactError, OptionError, UndecidedError
from exactav.laws.assembly import assembly_law
from exactav.laws.composition import composition_law
from exactav.laws.duration import duration_law, size_duration_law
from exactav.laws.marginals import participation_overall
from exactav.laws.pattern import pattern_law
from exactav.laws.size import size_law
from exactav.network.asked import of_network
from exactav.network.entries import name_some
from exactav.network.network import Network
from exactav.numbers.arguments import collection, one_of, seconds
from exactav.numbers.expressions import described
from exactav.numbers.fields import equal
from exactav.numbers.frozen import Frozen
from exactav.pickles import tagged
from exactav.showing import html
from exactav.texts import quoted

_POINTS = 400  # at which two functions of symbols that differ are looked at


class _Same(Enum):
    SAME = "that of net"

    def __repr__(self) -> str:
        return self.value


SAME = _Same.SAME


@dataclass(frozen=True)
class SameLaw:
    """Whether two networks have the same law.

    True or False as ``bool``, which refuses what is undecided.

    Attributes:
        of: what the laws are of.
        outcome: "equal"; "different", as at ``where``; "undecided", for the reason that ``detail`` says.
        where: an outcome of the laws, as both have keys; None unless they differ.
        left, right: its probabilities in the one network and in the other.
        point: the values of symbols at which these are, by name; empty where the networks have none.
        detail: the same in words.
    """

    of: str
    outcome: Literal["equal", "different", "undecided"]
    where: Hashable = None
    left: sympy.Expr | None = None
    right: sympy.Expr | None = None
    point: Mapping[str, sympy.Expr] = Frozen(())
    detail: str = ""

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        object.__setattr__(self, "point", Frozen(self.point))

    @property
    def difference(self) -> sympy.Expr:
        """By what the probabilities differ, ``left - right``; 0 of equal laws.

        Raises:
            UndecidedError: whether they do is undecided.
        """
        if self.left is None or self.right is None:
            return sympy.Integer(int(not self))
        return sympy.expand(self.left - self.right)

    def __bool__(self) -> bool:
        if self.outcome == "undecided":
            raise UndecidedError(f"whether the laws of {self.of} are equal is undecided: {self.detail}")
        return self.outcome == "equal"

    def text(self) -> str:
        """The result in words."""
        return f"the laws of {self.of} are {self.outcome}: {self.detail}"

    def __repr__(self) -> str:
        return f"<SameLaw: {self.text()}>"

    def _repr_html_(self) -> str:
        said = [(name, html.text(value)) for name, value in self.point.items()]
        return html.card(f"Laws of {self.of}: {self.outcome}", html.note(self.detail), html.facts(said))


@of_network
def same_law(
    net: Network,
    other: Network,
    of: str = "size",
    *,
    start: Hashable | None = None,
    other_start: Hashable | None = SAME,
    groups: Iterable[Iterable[Hashable]] | Mapping[str, Iterable[Hashable]] | None = None,
    max_cost: float = MAX_COST,
) -> SameLaw:
    """Whether two networks have the same law given an avalanche: equal, or an outcome where they differ.

    With symbols, which are told by their names, laws are equal if all probabilities have the same normal
    form: so for all values. Else values are named that make both of them networks and at which the laws
    differ.

    Args:
        net, other: the networks. Sizes and durations compare networks of any units; what speaks of units
            needs the same labels in both, in any order.
        of: "size", "duration", "size_duration", "assembly", "pattern", "participation" (of each unit), or
            "composition" of ``groups``.
        start: label of the unit that fires first; None weights all starts by the drive.
        other_start: the same in ``other``; as ``start`` unless given.
        groups: as in :func:`exactav.composition_law`, for "composition" only.
        max_cost: largest estimated cost of each law, in seconds of an ordinary core.

    Raises:
        ArgumentError: ``other`` is no network.
        OptionError: there is no such law; or it speaks of units, and the networks have different labels.
        TooCostlyError: the estimate of a law is above ``max_cost``.

    Laws: derivation 01, arXiv:2202.02520.

    >>> import exactav as ea
    >>> net = ea.Network([[0, "a", 0], [0, 0, "a"], ["b", 0, 0]])
    >>> turned = ea.Network([[0, 0, "b"], ["a", 0, 0], [0, "a", 0]])
    >>> same_law(net, turned)
    <SameLaw: the laws of size are equal: for all values of a, b>
    >>> found = same_law(net, turned, "duration", start=0)
    >>> found.outcome, found.where, found.point, found.difference
    ('different', 1, {'a': 1/2, 'b': 1/3}, 1/6)
    """
    if not isinstance(other, Network):
        raise ArgumentError(f"same_law with {described(other)}: wanted a network, as the first one")
    kind, cost = one_of(of, "of", LAWS), seconds(max_cost)
    second = start if other_start is SAME else other_start
    if (groups is None) == (kind == "composition"):
        raise OptionError(
            f"of = {quoted(of)} with groups = {described(groups)}: groups are those of a composition"
        )
    if kind not in _OF_NUMBERS:
        _require_same_labels(net, other, kind)
    if groups is not None and not isinstance(groups, Mapping):
        groups = collection(groups, "groups", "[[0], [1, 2]]")
    laws = [LAWS[kind](one, of_one, groups, cost) for one, of_one in ((net, start), (other, second))]
    return _compared(kind, (net, other), laws)


Law = Mapping[Any, sympy.Expr]
LawOf = Callable[[Network, Hashable | None, Any, float], Law]


def _participation(net: Network, start: Hashable | None, groups: Any, max_cost: float) -> Law:
    return dict(zip(net.labels, participation_overall(net, start), strict=True))


LAWS: Mapping[str, LawOf] = {
    "size": lambda net, start, groups, cost: size_law(net, start, max_cost=cost),
    "duration": lambda net, start, groups, cost: duration_law(net, start, max_cost=cost),
    "size_duration": lambda net, start, groups, cost: size_duration_law(net, start, max_cost=cost),
    "assembly": lambda net, start, groups, cost: assembly_law(net, start, max_cost=cost),
    "pattern": lambda net, start, groups, cost: pattern_law(net, start, max_cost=cost),
    "participation": _participation,
    "composition": lambda net, start, groups, cost: composition_law(net, groups, start, max_cost=cost),
}
_OF_NUMBERS = ("size", "duration", "size_duration")


def _require_same_labels(net: Network, other: Network, kind: str) -> None:
    for one, two, whose in ((net, other, "the first"), (other, net, "the second")):
        missing = [label for label in one.labels if label not in two.labels]
        if missing:
            raise OptionError(
                f"of = {quoted(kind)} speaks of units, and only {whose} network has {name_some(missing)}: "
                "give both the same labels, as by net.replace(labels=...), or ask for "
                f"{', '.join(_OF_NUMBERS)}"
            )


def _compared(kind: str, nets: tuple[Network, Network], laws: list[Law]) -> SameLaw:
    """The laws of two networks, outcome by outcome, in the order of the first law."""
    by_name = {symbol.name: symbol for symbol in nets[0].symbols}
    renamed = {symbol: by_name.get(symbol.name, symbol) for symbol in nets[1].symbols}
    symbols = list(dict.fromkeys([*nets[0].symbols, *renamed.values()]))
    differing: dict[Any, tuple[sympy.Expr, sympy.Expr]] = {}
    for outcome in dict.fromkeys([*laws[0], *laws[1]]):
        left = laws[0].get(outcome, sympy.Integer(0))
        right = laws[1].get(outcome, sympy.Integer(0)).xreplace(renamed)
        try:
            if not equal(left, right):
                differing[outcome] = left, right
        except (InexactError, UndecidedError) as error:
            said = f"P({_text(laws, outcome)}) is {left} and {right}, and {error}"
            return SameLaw(kind, "undecided", detail=said)
        if differing and not symbols:
            return _different(kind, laws, outcome, left, right, {})
    if not differing:
        names = ", ".join(symbol.name for symbol in symbols)
        return SameLaw(kind, "equal", detail=f"for all values of {names}" if symbols else "exactly")
    for point in points(symbols, nets, _POINTS):
        if all(_is_network(net, point) for net in nets):
            for outcome, sides in differing.items():
                left, right = (side.subs(point, simultaneous=True) for side in sides)
                if not equal(left, right):
                    return _different(kind, laws, outcome, left, right, point)
    outcome, (left, right) = next(iter(differing.items()))
    return SameLaw(
        kind,
        "undecided",
        detail=f"P({_text(laws, outcome)}) is {left} and {right}, which differ, but no values of symbols "
        "were found at which they do and that make both of them networks",
    )


def _different(
    kind: str,
    laws: list[Law],
    outcome: Hashable,
    left: sympy.Expr,
    right: sympy.Expr,
    point: Mapping[sympy.Symbol, sympy.Expr],
) -> SameLaw:
    values = {symbol.name: value for symbol, value in point.items()}
    at = " at " * bool(point) + ", ".join(f"{name} = {value}" for name, value in values.items())
    said = f"P({_text(laws, outcome)}) is {left} and {right}{at}"
    return SameLaw(kind, "different", outcome, left, right, values, said)


def _text(laws: list[Law], outcome: Any) -> str:
    """An outcome as the law writes it that has it."""
    law = next(law for law in laws if outcome in law)
    kind = getattr(law, "kind", None)
    return f"{outcome} fires" if kind is None else kind.text(outcome)


def _is_network(net: Network, point: Mapping[sympy.Symbol, sympy.Expr]) -> bool:
    """Whether the values of symbols are allowed."""
    values = {symbol.name: value for symbol, value in point.items()}
    try:
        net.at({symbol: values[symbol.name] for symbol in net.symbols})
    except ExactavError:
        return False
    return True
