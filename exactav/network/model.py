"""The numbers of a network, exact and in normal form: what is equal is the same."""

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from types import MappingProxyType
from typing import Any, TypeVar

import sympy

from exactav.errors import InvalidNetworkError, TooCostlyError
from exactav.network.entries import one_for_each, one_or_many, weight_name
from exactav.numbers.digits import decimal_digits, sign_of
from exactav.numbers.domains import Domain, Element, field_symbols
from exactav.numbers.expressions import exact
from exactav.numbers.extent import TooLargeError, check_rows
from exactav.numbers.fields import equal, normal_form
from exactav.numbers.sums import total
from exactav.texts import quoted

Row = TypeVar("Row", bound=Mapping[int, Any])
_DIGITS = 15  # of irrational numbers that a hash sees


@dataclass(frozen=True, eq=False)
class Model:
    """Weights by row without zeros, thresholds, drive and increment, in the smallest field that has them."""

    labels: tuple[Hashable, ...]
    field: Domain
    rows: tuple[Mapping[int, Element], ...]
    thresholds: tuple[Element, ...]
    drive: tuple[Element, ...]
    increment: Element | None

    @classmethod
    def of(
        cls,
        labels: tuple[Hashable, ...],
        weights: Sequence[Mapping[int, sympy.Expr]],
        thresholds: Any,
        drive: Any,
        increment: Any,
    ) -> "Model":
        """The model with exact rows of ``weights``, and the other numbers as a network takes them.

        Raises:
            InexactError, InvalidNetworkError, UnknownUnitError: as :class:`~exactav.Network` says.
        """
        n_units = len(labels)
        if n_units == 0:
            raise InvalidNetworkError("a network of 0 units: give at least one unit")
        levels = one_or_many(thresholds, "threshold", labels)
        if drive is None:
            shares = [sympy.Rational(1, n_units)] * n_units
        else:
            shares = one_for_each(drive, "drive", labels, missing=0)
        step = [] if increment is None else [exact(increment, "increment")]
        different = different_in(weights)

        def name(place: int) -> str:
            if place < len(different):
                weight = list(different.values())[place]
                i, j = next((i, j) for i, row in enumerate(weights) for j in row if row[j] is weight)
                return weight_name(i, j, labels)
            what, unit = divmod(place - len(different), n_units)
            return (
                "increment" if what == 2 else f"{('threshold', 'drive')[what]} of unit {quoted(labels[unit])}"
            )

        _refuse_large(weights, levels, shares)
        field, elements = normal_form([*different.values(), *levels, *shares, *step], name)
        found = dict(zip(different, elements, strict=False))
        rows = {
            id(row): MappingProxyType({j: found[id(w)] for j, w in row.items() if found[id(w)]})
            for row in distinct(weights)
        }
        others = elements[len(different) :]
        return cls(
            labels,
            field,
            tuple(rows[id(row)] for row in weights),
            tuple(others[:n_units]),
            tuple(others[n_units : 2 * n_units]),
            others[-1] if step else None,
        )

    @cached_property
    def leak(self) -> tuple[Element, ...]:
        """s_i = U_i - sum_j w_ij."""
        kinds = {id(row): ids_in(row.values()) for row in distinct(self.rows)}
        rows = {kinds[id(row)]: row for row in self.rows}
        sums = {kind: total(self.field, row.values()) for kind, row in rows.items()}
        found: dict[tuple[int, tuple[int, ...]], Element] = {}
        for threshold, row in zip(self.thresholds, self.rows, strict=True):
            if (key := (id(threshold), kinds[id(row)])) not in found:
                found[key] = total(self.field, (threshold, -sums[key[1]]))
        return tuple(
            found[id(threshold), kinds[id(row)]]
            for threshold, row in zip(self.thresholds, self.rows, strict=True)
        )

    def received(self, unit: int, senders: Container[int]) -> Element:
        """What a unit receives when ``senders`` fire."""
        found: Element = total(self.field, (w for j, w in self.rows[unit].items() if j in senders))
        return found

    def expr(self, element: Any) -> sympy.Expr:
        """``element`` as a SymPy expression."""
        return self.field.to_sympy(element)

    def sign(self, element: Any) -> int | None:
        """-1, 0 or 1; None where symbols leave it open."""
        if self.field.is_QQ:
            return int(element > 0) - int(element < 0)
        if not element:
            return 0
        if self.field.is_FractionField and element.numer.is_ground and element.denom.is_ground:
            if self.field.domain.is_QQ or self.field.domain.is_ZZ:
                return 1 if (element.numer.LC > 0) is (element.denom.LC > 0) else -1
        elif self._signs_are_open:
            return None
        return sign_of(self.expr(element))

    @cached_property
    def _signs_are_open(self) -> bool:
        """Whether nothing that decides a sign is known of any symbol."""
        symbols = field_symbols(self.field)
        return bool(symbols) and not any(symbol.is_extended_real for symbol in symbols)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        if self is other:
            return True
        if self.field == other.field:
            return self._shape == other._shape and self._numbers == other._numbers
        # Fields of algebraic numbers have many generators.
        mine, others = (
            [model.expr(element) for element in model._numbers] if hash(self) == hash(other) else []
            for model in (self, other)
        )
        return bool(mine) and self._shape == other._shape and all(map(equal, mine, others))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _shape(self) -> tuple[object, ...]:
        return self.labels, self.increment is None, tuple(tuple(sorted(row)) for row in self.rows)

    @cached_property
    def _numbers(self) -> list[Element]:
        weights = [row[j] for row in self.rows for j in sorted(row)]
        return [
            *weights,
            *self.thresholds,
            *self.drive,
            *([] if self.increment is None else [self.increment]),
        ]

    @cached_property
    def _hash(self) -> int:
        numbers = self.field.domain if self.field.is_FractionField else self.field
        if not numbers.is_Algebraic:
            return hash((self._shape, tuple(self._numbers)))
        see = cache(partial(_seen_by_hash, numbers))
        return hash((self._shape, tuple(map(see, self._numbers))))


def _refuse_large(
    weights: Sequence[Mapping[int, sympy.Expr]], levels: Sequence[sympy.Expr], shares: Sequence[sympy.Expr]
) -> None:
    """Raise TooCostlyError if the leaks, or all numbers together, may be too large when multiplied out."""
    symbolic = {id(row): [w for w in row.values() if not w.is_Rational] for row in distinct(weights)}
    leaks = {
        (ids_in(symbolic[id(row)]), level): [*symbolic[id(row)], level]
        for row, level in zip(weights, levels, strict=True)
        if symbolic[id(row)] or not level.is_Rational
    }
    try:
        check_rows([*leaks.values(), [share for share in shares if not share.is_Rational]])
    except TooLargeError as error:
        raise TooCostlyError(f"the network, or the leak of a unit, {error}") from None


def ids_in(numbers: Iterable[Any]) -> tuple[int, ...]:
    """What tells rows of the same objects, in whatever order, that their sum is the same."""
    return tuple(sorted(map(id, numbers)))


def distinct(rows: Sequence[Row]) -> list[Row]:
    """The rows, each object once."""
    return list({id(row): row for row in rows}.values())


def different_in(rows: Sequence[Mapping[int, Any]]) -> dict[int, Any]:
    """The numbers in rows, each object once, by its identity."""
    return {id(number): number for row in distinct(rows) for number in row.values()}


def _seen_by_hash(numbers: Domain, element: Any) -> object:
    """What a hash may see of an element over algebraic numbers: the same in all fields that contain it."""

    def digits(number: Any) -> object:
        return decimal_digits(numbers.to_sympy(number), _DIGITS)

    if numbers.of_type(element):
        return digits(element)
    return tuple(
        frozenset((monomial, digits(value)) for monomial, value in part.terms())
        for part in (element.numer, element.denom)
    )
