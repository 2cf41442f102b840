"""States of a network as exact numbers, and their order."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import sympy

from exactav.errors import InvalidNetworkError, NotRationalError, OptionError, UnboundSymbolError
from exactav.network.entries import by_label, listed, name_some, one_for_each
from exactav.network.network import Network
from exactav.numbers.digits import enclosure, sign_of
from exactav.numbers.domains import field_of
from exactav.numbers.expressions import shown
from exactav.phase_space.limits import BITS
from exactav.texts import quoted

State = tuple[sympy.Expr, ...]


def as_state(net: Network, state: Any) -> State:
    """``state``, a sequence of N exact numbers or a mapping from all labels, in network order.

    Raises:
        InexactError: an entry is a float.
        InvalidNetworkError: there are not N entries.
        UnknownUnitError: a label is not in the network.
        UnboundSymbolError: the network or the state has symbols.
    """
    entries = tuple(one_for_each(in_network_order(net, state), "state", net.labels))
    refuse_symbols(net, entries)
    return entries


def in_network_order(net: Network, state: Any) -> list[Any]:
    """The entries of a sequence of N, or of a mapping from all labels, whatever they are.

    Raises:
        InvalidNetworkError: there are not N entries.
        UnknownUnitError: a label is not in the network.
    """
    state = by_label(state)
    if isinstance(state, Mapping):
        given = {net.index(label): value for label, value in state.items()}
        missing = [net.labels[unit] for unit in range(net.n_units) if unit not in given]
        if missing:
            raise InvalidNetworkError(f"the state says nothing of unit {quoted(missing[0])}: give all units")
        return [given[unit] for unit in range(net.n_units)]
    entries = listed(state)
    if len(entries) != net.n_units:
        raise InvalidNetworkError(
            f"{len(entries)} entries of state for {net.n_units} units: give one for each unit"
        )
    return entries


def refuse_symbols(net: Network, entries: Iterable[sympy.Expr] = ()) -> None:
    """Raise UnboundSymbolError if something has no value."""
    symbols = set(net.symbols).union(*(entry.free_symbols for entry in entries))
    if symbols:
        names = ", ".join(sorted(map(str, symbols)))
        raise UnboundSymbolError(f"no value for {names}: put numbers in with net.at({{...}})")


def require_driven(net: Network, start: Hashable) -> int:
    """The place of a start that slow steps feed.

    Raises:
        OptionError: the drive never feeds it.
        UnknownUnitError: the network has no such unit.
    """
    unit = net.index(start)
    if not net.drive[unit]:
        driven = name_some([label for label, p in zip(net.labels, net.drive, strict=True) if p])
        raise OptionError(
            f"unit {quoted(start)} is not driven, so no slow step feeds it: name a driven unit ({driven})"
        )
    return unit


def require_rational(numbers: Iterable[sympy.Expr], consequence: str) -> None:
    """Raise NotRationalError if a number is none, with what follows from that."""
    for number in numbers:
        if not number.is_Rational:
            raise NotRationalError(f"{shown(number)} is irrational, so that {consequence}")


def require_below_thresholds(
    net: Network, values: Iterable[Any], thresholds: Iterable[Any], is_less: Callable[[Any, Any], bool]
) -> None:
    """Refuse a state, of numbers of any kind, with a unit at or above threshold: it fires whatever is fed.

    Raises:
        InvalidNetworkError: there is one.
    """
    for label, value, threshold in zip(net.labels, values, thresholds, strict=True):
        if not is_less(value, threshold):
            raise InvalidNetworkError(
                f"state of unit {quoted(label)} is {value}, its threshold {threshold}: give a state below "
                "all thresholds"
            )


def floor_of(value: sympy.Expr) -> int:
    """The largest integer that is not above, exactly.

    >>> floor_of(sympy.sqrt(5 + 2 * sympy.sqrt(6)) - sympy.sqrt(2) - sympy.sqrt(3))  # a zero in disguise
    0
    """
    bits = BITS
    while not value.is_Rational:
        bottom, top = (int(end // 1) for end in enclosure(value, bits))
        if bottom == top:
            return bottom
        if bits == BITS:
            field = field_of([value])
            value = field.to_sympy(field.from_sympy(value))
        bits *= 2
    return int(value.p // value.q)


def is_below(low: sympy.Expr, high: sympy.Expr) -> bool:
    """low < high, exactly.

    >>> is_below(sympy.sqrt(2) * sympy.sqrt(3), sympy.sqrt(6)), is_below(sympy.sqrt(2), sympy.Rational(3, 2))
    (False, True)
    """
    difference = low - high
    if difference.is_Rational:
        return bool(difference < 0)
    bottom, top = enclosure(difference, BITS)
    if bottom > 0 or top < 0:
        return top < 0
    return bool(field_of([difference]).from_sympy(difference)) and sign_of(difference) == -1
