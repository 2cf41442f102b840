"""What a slow step feeds: amounts of input to several units at once, or a law over such inputs."""

import sys
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError, OptionError, UnboundSymbolError
from exactav.network.entries import by_label
from exactav.network.network import Network
from exactav.numbers.arguments import function, items_of
from exactav.numbers.digits import sign_of
from exactav.numbers.domains import Domain, Element
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.fields import equal, normal_form
from exactav.numbers.frozen import Frozen
from exactav.numbers.trees import text_of
from exactav.pickles import tagged
from exactav.texts import quoted

Vector = Mapping[Hashable, sympy.Expr]
_LISTED = 6  # amounts of one input that are listed where a law says what it is of
_IN_CARD = 20  # amounts that a notebook shows


class Drive:
    """A law over inputs: with some probability a slow step feeds some units some amounts, all at once.

    Args:
        vectors: pairs (probability, {label: amount}); probabilities are >= 0 and sum to exactly 1, amounts
            are >= 0 and exact, as weights are, and may hold symbols. Units left out get nothing; an input
            {} feeds nobody.

    Attributes:
        vectors: the pairs, without amounts and probabilities that are 0.

    Where it is asked for, no amount may be above the leak of its unit, so that every unit fires at most once
    (derivation 14). A drive is a value: it cannot be changed, and equal drives are equal.

    Raises:
        OptionError: the probabilities do not sum to 1, or a number is negative.
        ArgumentError: an input is no mapping from labels.
        InexactError: a number is a float.

    >>> drive = Drive([("1/2", {0: "1/8"}), ("1/2", {0: "1/8", 1: "1/4"})])
    >>> drive
    Drive([('1/2', {0: '1/8'}), ('1/2', {0: '1/8', 1: '1/4'})])
    """

    vectors: tuple[tuple[sympy.Expr, Vector], ...]
    __slots__ = ("vectors",)

    __reduce_ex__ = tagged

    def __init__(self, vectors: Iterable[tuple[Any, Mapping[Any, Any]]]) -> None:
        read = [_pair(pair, place) for place, pair in enumerate(_listed(vectors))]
        numbers = [number for p, amounts in read for number in (p, *amounts.values())]
        if len({symbol.name for n in numbers for symbol in n.free_symbols}) < len(
            {symbol for n in numbers for symbol in n.free_symbols}
        ):
            raise OptionError("an input has two different symbols of one name: use one of them everywhere")
        field, elements = normal_form(numbers)
        found = iter([field.to_sympy(element) for element in elements])
        plain = [(next(found), {label: next(found) for label in amounts}) for _, amounts in read]
        for p, amounts in plain:
            if sign_of(p) == -1:
                raise OptionError(f"probability {shown(p)} of an input: it must be >= 0")
            for label, amount in amounts.items():
                if sign_of(amount) == -1:
                    raise OptionError(f"input {shown(amount)} of unit {quoted(label)}: it must be >= 0")
        total = normal_form([sympy.Add(*(p for p, _ in plain))])
        if total[1][0] != total[0].one:
            raise OptionError(
                f"probabilities of inputs sum to {shown(total[0].to_sympy(total[1][0]))}: they must sum to "
                "exactly 1"
            )
        kept = tuple((p, Frozen({u: a for u, a in amounts.items() if a})) for p, amounts in plain if p)
        object.__setattr__(self, "vectors", kept)

    @property
    def amounts(self) -> Vector | None:
        """The amounts of all inputs where there is only one; None of several."""
        return self.vectors[0][1] if len(self.vectors) == 1 else None

    @property
    def symbols(self) -> set[sympy.Symbol]:
        """The free symbols of all numbers."""
        return set().union(*(number.free_symbols for number in self.numbers))

    @property
    def numbers(self) -> list[sympy.Expr]:
        """Probabilities and amounts, one input after the other."""
        return [number for p, amounts in self.vectors for number in (p, *amounts.values())]

    def changed(self, put: Callable[[sympy.Expr], sympy.Expr]) -> "Drive":
        """The drive with all numbers replaced."""
        function(put, "put", "a number")
        return Drive([(put(p), {u: put(a) for u, a in amounts.items()}) for p, amounts in self.vectors])

    def refuse_symbols(self) -> None:
        """Raise UnboundSymbolError if a number of the drive has symbols."""
        if names := ", ".join(sorted(map(str, self.symbols))):
            raise UnboundSymbolError(f"the input has symbols, {names}: put numbers in")

    def of(self, net: Network) -> "Drive":
        """The same for a network: by its labels, with its symbols where names agree.

        Raises:
            UnknownUnitError: a label is not in the network.
            InvalidNetworkError: an amount is above the leak of its unit, or nobody is fed.
        """
        if not isinstance(net, Network):
            raise ArgumentError(f"an input of {described(net)}: wanted a network")
        by_name = {symbol.name: symbol for symbol in net.symbols}
        same = {symbol: by_name[symbol.name] for symbol in self.symbols if symbol.name in by_name}
        found = Drive(
            [
                (
                    p.xreplace(same),
                    {net.labels[net.index(u)]: a.xreplace(same) for u, a in amounts.items()},
                )
                for p, amounts in self.vectors
            ]
        )
        if not any(amounts for _, amounts in found.vectors):
            raise InvalidNetworkError("the input feeds no unit: give some unit an amount above 0")
        for _, amounts in found.vectors:
            for label, amount in amounts.items():
                leak = net.leak[net.index(label)]
                if sign_of(leak - amount) == -1:
                    raise InvalidNetworkError(
                        f"input {shown(amount)} of unit {quoted(label)} is above its leak {shown(leak)}, so "
                        "it could fire more than once: give at most that"
                    )
        return found

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a drive is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a drive is immutable: {name} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        return Drive, ([(p, dict(amounts)) for p, amounts in self.vectors],)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Drive):
            return NotImplemented
        mine, others = ([set(amounts) for _, amounts in drive.vectors] for drive in (self, other))
        return mine == others and all(
            equal(p, q) and all(equal(a, theirs[u]) for u, a in amounts.items())
            for (p, amounts), (q, theirs) in zip(self.vectors, other.vectors, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(frozenset(amounts) for _, amounts in self.vectors))

    def __repr__(self) -> str:
        parts = (f"({_written(p)}, {_braced(amounts)})" for p, amounts in self.vectors)
        return f"Drive([{', '.join(parts)}])"

    def _repr_html_(self) -> str:
        from exactav.showing import html

        rows = [
            [html.number(p), html.text(label), html.number(amount)]
            for p, amounts in self.vectors
            for label, amount in (amounts or {"nobody": sympy.Integer(0)}).items()
        ]
        shown_rows = html.table(["with probability", "unit", "gets"], rows[:_IN_CARD], (0, 2))
        notes = [html.note(f"{len(rows):,} amounts, the first {_IN_CARD}")] * (len(rows) > _IN_CARD)
        return html.card(f"Drive of {len(self.vectors):,} inputs", shown_rows, *notes)

    @property
    def text(self) -> str:
        """What a law says that it is of."""
        if self.amounts is None:
            return f"{len(self.vectors)} inputs"
        if len(self.amounts) > _LISTED:
            return f"input to {len(self.amounts)} units"
        return f"input {', '.join(f'{quoted(u)}: {shown(a)}' for u, a in self.amounts.items())}"

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        if self.amounts is None or len(self.amounts) > _LISTED:
            return "d"
        from exactav.showing import latex

        return ", ".join(
            f"d_{{{latex.label(label)}}} = {latex.expression(a)}" for label, a in self.amounts.items()
        )


def drive_of(given: Any) -> Drive:
    """A drive as it is, or the one that always has this input, {label: amount}.

    Raises:
        ArgumentError: it is neither.
    """
    return given if isinstance(given, Drive) else Drive([(1, given)])


def elements_of(net: Network, drive: Drive) -> tuple[Domain, list[dict[int, Element]], list[Element], Any]:
    """(field, rows of weights, leaks, [(probability, {place: amount}), ...]) in one field.

    That of the network, if all numbers of the drive are rational; else the smallest with all of them.
    """
    numbers = drive.numbers
    rows: list[dict[int, Element]]
    if all(number.is_Rational for number in numbers):
        field, rows, leaks = net.field, list(map(dict, net.rows)), list(net.leak_elements)
        found = [field.convert(sympy.QQ(int(n.p), int(n.q)), sympy.QQ) for n in numbers]
    else:
        exprs = [*net.entries.values(), *net.thresholds]
        field, elements = normal_form([*exprs, *numbers])
        leaks = elements[len(net.entries) : len(exprs)]
        rows = [{} for _ in net.labels]
        for (i, j), weight in zip(net.entries, elements, strict=False):
            rows[i][j] = weight
            leaks[i] -= weight
        found = elements[len(exprs) :]
    following = iter(found)
    vectors = [
        (next(following), {net.index(label): next(following) for label in amounts})
        for _, amounts in drive.vectors
    ]
    return field, rows, leaks, vectors


def _listed(vectors: Any) -> list[Any]:
    found = None if isinstance(vectors, Mapping | str) else items_of(vectors)
    if found is None:
        raise ArgumentError(
            f"inputs {described(vectors)}: give pairs (probability, {{label: amount}}), which sum to 1"
        )
    return found


def _pair(pair: Any, place: int) -> tuple[sympy.Expr, dict[Hashable, sympy.Expr]]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ArgumentError(f"inputs[{place}] = {described(pair)}: give (probability, {{label: amount}})")
    probability, amounts = pair[0], by_label(pair[1])
    if not isinstance(amounts, Mapping):
        raise ArgumentError(
            f"input {described(amounts)}: give a mapping from labels to amounts, such as {{0: '1/8'}}"
        )
    given, known, read = list(amounts.items()), dict[int, sympy.Expr](), dict[Hashable, sympy.Expr]()
    for label, amount in given:  # each object once: an input of many units is often of equal amounts
        if id(amount) not in known:
            known[id(amount)] = exact(amount, f"input of unit {quoted(label)}")
        read[label] = known[id(amount)]
    return exact(probability, f"probability of inputs[{place}]"), read


def _written(number: sympy.Expr) -> str:
    return text_of(number) if number.is_Integer else repr(text_of(number))


def _braced(amounts: Vector) -> str:
    return (
        "{" + ", ".join(f"{quoted(label, sys.maxsize)}: {_written(a)}" for label, a in amounts.items()) + "}"
    )
