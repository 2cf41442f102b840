"""Sizes that are told apart up to some number: the kind of a law, and the outcome of all larger ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, NoReturn, Self

import numpy as np
import sympy
from numpy.typing import NDArray

from exactav.errors import UndecidedError, UnknownOutcomeError
from exactav.laws.kind import Kind
from exactav.numbers.arguments import is_truth
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.texts import quoted


@dataclass(frozen=True, eq=False)
class MoreThan:
    """A size of which only that is known: it is more than ``bound``.

    Comparisons have an answer where all such sizes have the same; where they have not, and in calculations,
    UndecidedError says so.

    >>> MoreThan(8) > 3, MoreThan(8) <= 8
    (True, False)
    >>> MoreThan(8) > 10
    Traceback (most recent call last):
    exactav.errors.UndecidedError: of a size > 8 it is not known whether it is > 10: ask with a larger up_to
    """

    bound: int

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        object.__setattr__(self, "bound", whole(self.bound, "bound"))

    def __str__(self) -> str:
        return f"> {self.bound}"

    __repr__ = __str__

    def __hash__(self) -> int:
        return hash(("more than", self.bound))

    def _exceeds(self, other: Any, sign: str, *, strictly: bool) -> bool:
        """Whether all such sizes are above ``other``, or may be equal to it; False if none is."""
        least = self.bound + 1
        if (least > other) if strictly else (least >= other):
            return True
        if other == sympy.oo:
            return False
        raise UndecidedError(
            f"of a size {self} it is not known whether it is {sign} {other}: ask with a larger up_to"
        )

    def __eq__(self, other: object) -> bool:
        if _is_number(other):
            self._exceeds(other, "=", strictly=True)
            return False
        return self.bound == other.bound if isinstance(other, MoreThan) else NotImplemented

    def __gt__(self, other: Any) -> bool:
        if _is_number(other):
            return self._exceeds(other, ">", strictly=True)
        return self.bound > other.bound if isinstance(other, MoreThan) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        if _is_number(other):
            return self._exceeds(other, ">=", strictly=False)
        return self.bound >= other.bound if isinstance(other, MoreThan) else NotImplemented

    def __lt__(self, other: Any) -> bool:
        if _is_number(other):
            return not self._exceeds(other, "<", strictly=False)
        return self.bound < other.bound if isinstance(other, MoreThan) else NotImplemented

    def __le__(self, other: Any) -> bool:
        if _is_number(other):
            return not self._exceeds(other, "<=", strictly=True)
        return self.bound <= other.bound if isinstance(other, MoreThan) else NotImplemented

    def _unknown(self, *others: Any) -> NoReturn:
        raise UndecidedError(
            f"sizes {self} are not told apart, and nothing is calculated with them: ask with a larger up_to, "
            "or for the mean by mean_size(net)"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _unknown
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _unknown
    __neg__ = __pos__ = __abs__ = __index__ = __int__ = __float__ = __round__ = _unknown


def _is_number(value: Any) -> bool:
    return isinstance(value, Real | sympy.Expr) and not isinstance(value, bool)


@dataclass(frozen=True)
class UpTo(Kind[Any]):
    """Integers from ``lowest`` to ``highest``, and all from there to ``largest`` as one outcome.

    ``largest`` may be below ``highest``: then there are none.
    """

    name: str
    letter: str
    lowest: int
    highest: int
    largest: int

    @property
    def larger(self) -> MoreThan:
        """The outcome of all that is above ``highest``."""
        return MoreThan(self.highest)

    @property
    def nothing(self) -> int:
        return 0

    def read(self, key: Any) -> int | MoreThan:
        if (isinstance(key, MoreThan) and key.bound == self.highest) or (
            isinstance(key, str) and key == str(self.larger)
        ):
            return self.larger
        try:
            is_whole = not isinstance(key, MoreThan) and not is_truth(key) and int(key) == key
            if is_whole and self.lowest <= key <= self.largest:
                if key <= self.highest:
                    return int(key)
                raise UndecidedError(
                    f"P({self.letter} = {key}) is not known: this law tells sizes up to {self.highest} "
                    f"apart; ask with up_to={key}, or for law['{self.larger}'], all larger ones together"
                )
        except (TypeError, ValueError, OverflowError):
            pass
        raise UnknownOutcomeError(
            f"{quoted(key)} is no outcome of this law: wanted an integer from {self.lowest} to "
            f"{min(self.highest, self.largest)}, or '{self.larger}'"
        )

    def order(self) -> Callable[[Any], Any]:
        return lambda outcome: (isinstance(outcome, MoreThan), outcome)

    def event(self, outcome: Any) -> str:
        return f"{self.letter} {outcome}" if isinstance(outcome, MoreThan) else super().event(outcome)

    def written(self, outcome: Any) -> Any:
        return str(outcome) if isinstance(outcome, MoreThan) else outcome

    def data(self, outcome: Any) -> Any:
        return self.written(outcome)

    def as_data(self) -> dict[str, Any]:
        limits = {"lowest": self.lowest, "highest": self.highest, "largest": self.largest}
        return {"of": "number up to", "name": self.name, "letter": self.letter, **limits}

    def array(self, outcomes: Sequence[Any]) -> NDArray[Any]:
        if any(isinstance(outcome, MoreThan) for outcome in outcomes):
            return super().array(outcomes)
        return np.array(outcomes, dtype=np.int64)

    def per_step(self) -> Self:
        return replace(self, lowest=0)

    def is_like(self, other: Kind[Any]) -> bool:
        return isinstance(other, UpTo) and (self.name, self.highest) == (other.name, other.highest)

    def joined(self, other: Kind[Any]) -> "UpTo | None":
        if not isinstance(other, UpTo) or not self.is_like(other):
            return None
        return replace(self, lowest=min(self.lowest, other.lowest), largest=max(self.largest, other.largest))
