"""Laws for NumPy, pandas and SciPy."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from exactav.errors import MissingExtraError
from exactav.laws.core import Core

if TYPE_CHECKING:
    import pandas as pd

K = TypeVar("K", bound=Hashable)


class Converted(Core[K]):
    """A law as arrays of floats."""

    __slots__ = ()

    def to_numpy(self) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """(outcomes, probabilities) as two arrays, in the order of the law.

        Outcomes are integers for a law of an integer, rows of integers for tuples of them, such as
        compositions, and objects else. Rational probabilities are correctly rounded. Of a law of an integer,
        the pair is what SciPy wants: ``scipy.stats.rv_discrete(values=law.to_numpy())``.

        Raises:
            TypeError: the law has free symbols; put values in with ``law.at``.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).to_numpy()
        (array([1, 2, 3]), array([0.375, 0.25 , 0.375]))
        """
        found = self.floats()
        if all(map(_is_integer, found)) or all(map(_are_integers, found)):
            outcomes: NDArray[Any] = np.array(list(found))
        else:
            outcomes = np.empty(len(found), dtype=object)
            outcomes[:] = list(found)
        return outcomes, np.array(list(found.values()), dtype=np.float64)

    def to_series(self) -> "pd.Series[float]":
        """The probabilities as a ``pandas.Series`` of floats, its index the outcomes.

        Tuples of integers, such as compositions, become a MultiIndex. Rational probabilities are correctly
        rounded; for exact ones, ``pandas.Series(law.pmf())``.

        Raises:
            MissingExtraError: pandas is not installed.
            TypeError: the law has free symbols; put values in with ``law.at``.
        """
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtraError("to_series needs pandas: pip install 'exactav[pandas]'") from None
        found = self.floats()
        index: pd.Index[Any]
        if all(map(_are_integers, found)):
            index = pd.MultiIndex.from_tuples(list(found), names=self.kind.places(len(next(iter(found)))))  # type: ignore[arg-type]
        else:
            index = pd.Index(list(found), name=self.kind.name, tupleize_cols=False)
        return pd.Series(list(found.values()), index=index, name="probability", dtype="float64")


def _is_integer(outcome: object) -> bool:
    return isinstance(outcome, int) and not isinstance(outcome, bool)


def _are_integers(outcome: object) -> bool:
    return isinstance(outcome, tuple) and bool(outcome) and all(map(_is_integer, outcome))
