"""The two sides of a conjecture, and what they give on one network."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import sympy

from exactav.conjectures.cases import Case
from exactav.conjectures.points import points
from exactav.errors import ArgumentError, ExactavError
from exactav.formulas.catalogue import catalogue
from exactav.formulas.formula import Formula
from exactav.network.network import Network
from exactav.numbers.expressions import described
from exactav.pickles import tagged
from exactav.proofs.comparison import compare

Given: TypeAlias = Callable[[Network], Any] | Formula
Role = Literal["left", "right"]
_SIZE = "L"  # the symbol of formulas that stands for a size
_SHOWN = 300  # characters of a value
_POINTS = 60  # at which two functions of symbols that differ are looked at


@dataclass(frozen=True)
class Side:
    """A function of a network, or a formula with the values of the family that a network is of."""

    given: Given
    role: Role

    @classmethod
    def of(cls, given: Any, role: Role) -> "Side":
        """What was given as a side.

        Raises:
            ArgumentError: it is neither a function nor a formula.
        """
        if isinstance(given, Formula) or callable(given):
            return cls(given, role)
        raise ArgumentError(f"{role} = {described(given)}: give a function of a network, or a formula")

    @property
    def name(self) -> str:
        """As results call it."""
        if isinstance(self.given, Formula):
            return self.given.id
        name = str(getattr(self.given, "__name__", ""))
        return name if name.isidentifier() else self.role

    def on(self, case: Case) -> Any:
        """What it gives on a network; a formula in L gives a mapping from sizes."""
        if not isinstance(self.given, Formula):
            return self.given(case.network)
        names = [symbol.name for symbol in self.given.symbols]
        values = {name: case.values[name] for name in names if name in case.values}
        if _SIZE not in names:
            return self.given.at(values)
        found = {size: self.given.at({**values, _SIZE: size}) for size in _sizes(case)}
        return {size: value for size, value in found.items() if value}  # laws have no outcome that cannot be

    def check(self, case: Case, over: str) -> None:
        """Nothing, if a formula has values for its symbols.

        Raises:
            ArgumentError: a network of this structure has none.
        """
        if isinstance(self.given, Formula):
            missing = {symbol.name for symbol in self.given.symbols} - set(case.values) - {_SIZE}
            if missing:
                known = ", ".join(case.values)
                raise ArgumentError(
                    f"{self.role} = {self.given!r} needs {', '.join(sorted(missing))}, and networks "
                    f"over {over} have {known} only: search over its family, as in over='ring'"
                )

    def code(self, case: Case) -> str:
        """Python that computes the side of ``net``; empty where the side has no public name."""
        if not isinstance(self.given, Formula):
            is_public = getattr(sys.modules["exactav"], self.name, None) is self.given
            return f"ea.{self.name}(net)" if is_public else ""
        if catalogue().get(self.given.id) != self.given:
            return ""
        names = [symbol.name for symbol in self.given.symbols]
        values = [f"{name}={_written(case.values[name])}" for name in names if name in case.values]
        formula = f"ea.formulas.get({self.given.id!r})"
        if _SIZE not in names:
            return f"{formula}.at({', '.join(values)})"
        last = case.network.n_units + 1
        return f"{{L: {formula}.at({', '.join([*values, 'L=L'])}) for L in range(1, {last})}}"


def shortened(value: Any) -> str:
    """A value in one line, cut where it is long."""
    said = (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, sympy.Basic)
        else described(value)
    )
    line = " ".join(said.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} ..."


def _sizes(case: Case) -> range:
    return range(1, case.network.n_units + 1)


def _written(value: Any) -> str:
    return str(value) if isinstance(value, int) else repr(str(value))


@dataclass(frozen=True)
class Failure:
    """An error that came of one side, or of comparing both.

    Attributes:
        network: on which it came.
        where: "left", "right" or "comparison".
        error: its type and message.
    """

    network: Network
    where: str
    error: str

    __reduce_ex__ = tagged

    def text(self) -> str:
        """What happened, in one line."""
        return f"{self.where} of {self.network!r}: {shortened(self.error)}"


@dataclass(frozen=True)
class Trial:
    """What came of one network.

    Attributes:
        outcome: as a verdict's, or "failed", by an ``error``.
        detail: that of the verdict.
        left, right: what both sides gave.
    """

    case: Case
    outcome: Literal["holds", "refuted", "undecided", "failed"]
    detail: str = ""
    left: Any = None
    right: Any = None
    failure: Failure | None = None
    error: Exception | None = None


def tried(left: Side, right: Side, case: Case) -> Trial:
    """Both sides on one network, compared."""
    values: dict[str, Any] = {}
    for side in (left, right):
        try:
            values[side.role] = side.on(case)
            if values[side.role] is None:
                raise ArgumentError("it returned None, which is nothing to compare")
        except Exception as error:  # whatever a function of others raises
            return _failed(case, side.role, error)
    try:
        verdict = compare(values["left"], values["right"])
    except Exception as error:  # as of floats
        return _failed(case, "comparison", error)
    return Trial(case, verdict.outcome, verdict.detail, values["left"], values["right"])


def _failed(case: Case, where: str, error: Exception) -> Trial:
    said = f"{type(error).__name__}: {error}"
    return Trial(case, "failed", failure=Failure(case.network, where, said), error=error)


def tried_at_points(left: Side, right: Side, case: Case) -> Trial:
    """As :func:`tried`; what refutes it is a network of numbers, also where the network has symbols.

    Two functions of symbols that differ do so at a point where the symbols make no network, for all that a
    comparison knows: other points are looked for.
    """
    found = tried(left, right, case)
    if found.outcome != "refuted" or not case.network.symbols:
        return found
    for point in points(case.network.symbols, [case.network], _POINTS):
        try:
            net = case.network.at(point)
        except ExactavError:
            continue
        there = tried(left, right, Case(net, case.values))
        if there.outcome == "refuted":
            return there
    return replace(
        found,
        outcome="undecided",
        detail=f"no values of the symbols refute it that make a network; {found.detail}",
    )
