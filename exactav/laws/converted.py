"""Laws for numpy, pandas and scipy.stats."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from exactav.errors import MissingExtraError
from exactav.laws.core import Core

if TYPE_CHECKING:
    import pandas

K = TypeVar("K", bound=Hashable)


class Converted(Core[K]):
    """Laws as arrays and tables of floats."""

    __slots__ = ()

    def to_numpy(self) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """(outcomes, probabilities) as arrays, one row an outcome, in the order of the law.

        Outcomes are whole numbers of laws of a number, rows of them of joint laws; rows of truth values, unit
        by unit in network order, of assemblies; rows of generations, 0 for units that stay silent, of
        patterns. Probabilities are floats, correctly rounded if they are rational.
        ``scipy.stats.rv_discrete(values=law.to_numpy())`` takes the law of a number.

        Raises:
            TypeError: the law has free symbols; put values in with :meth:`Law.at`.

        >>> import exactav as ea
        >>> sizes, probabilities = ea.size_law(ea.families.homogeneous(3, "3/4")).to_numpy()
        >>> sizes.tolist(), probabilities.tolist()
        ([1, 2, 3], [0.375, 0.25, 0.375])
        >>> ea.assembly_law(ea.Network([[0, "1/2"], ["1/4", 0]])).to_numpy()[0].astype(int).tolist()
        [[1, 0], [0, 1], [1, 1]]
        """
        probabilities = np.array(list(self.floats().values()))
        return self.kind.array(list(self)), probabilities

    def to_json(self) -> str:
        """A JSON text that :func:`exactav.from_json` turns back into an equal law, with its network.

        Raises:
            InvalidNetworkError: a label or an outcome has no form in JSON.
            TooCostlyError: probabilities with symbols have too many terms for :func:`exactav.limits`.

        >>> import exactav as ea
        >>> law = ea.assembly_law(ea.families.ring(3, "sqrt(2)/2"))
        >>> ea.from_json(law.to_json()) == law
        True
        """
        from exactav.laws.written import to_json

        return to_json(self)

    def to_series(self) -> "pandas.Series[float]":
        """The floats of the law as a pandas Series, whose index has the outcomes.

        ``pandas.Series(law.pmf())`` has the exact numbers.

        Raises:
            MissingExtraError: pandas is not installed.
            TypeError: the law has free symbols; put values in with :meth:`Law.at`.
        """
        try:
            import pandas
        except ImportError:
            raise MissingExtraError("to_series needs pandas: pip install pandas, or use to_numpy") from None
        index = pandas.Index(list(self), name=self.kind.name, tupleize_cols=False)
        return pandas.Series(list(self.floats().values()), index=index, name="probability", dtype=float)
