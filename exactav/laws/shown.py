"""Laws as text and LaTeX."""

from collections.abc import Hashable
from typing import TypeVar

from exactav.laws.core import Core, with_error
from exactav.laws.measure import Exact
from exactav.numbers.digits import certain_decimal
from exactav.numbers.whole import whole
from exactav.showing import latex

K = TypeVar("K", bound=Hashable)
_SHOWN = 12  # outcomes shown by repr and in notebooks
_FLOAT_DIGITS = 10  # of a float in LaTeX, as far as they are certain


class Shown(Core[K]):
    """How a law is written."""

    __slots__ = ()

    def latex(self, max_rows: int | None = None) -> str:
        """LaTeX of all probabilities as one ``align*`` environment, one equation an outcome, long ones
        broken; of a law in floating point, the digits that are certain.

        Args:
            max_rows: show at most this many outcomes, then dots; None shows all.

        >>> import exactav as ea
        >>> print(ea.size_law(ea.families.homogeneous(3, "3/4")).latex(max_rows=1))
        \\begin{align*}
        P(L = 1) &= \\frac{3}{8} \\\\
        &\\;\\;\\vdots
        \\end{align*}
        """
        shown = list(self)[: None if max_rows is None else whole(max_rows, "max_rows")]
        conditions = [] if self.start is None else [f"k = {latex.label(self.start)}"]
        conditions += [rf"\text{{{latex.escape(self.condition)}}}"] if self.condition else []
        given = rf" \mid {', '.join(conditions)}" if conditions else ""
        lefts = [f"P({self.kind.letter} = {self.kind.latex(outcome)}{given})" for outcome in shown]
        has_more = len(shown) < len(self)
        if isinstance(self.measure, Exact):
            return latex.aligned_equations(
                zip(lefts, map(self.__getitem__, shown), strict=True), dots=has_more
            )
        rows = [
            rf"{left} &\approx {latex.decimal(certain_decimal(*with_error(self[outcome]), _FLOAT_DIGITS))}"
            for left, outcome in zip(lefts, shown, strict=True)
        ]
        return latex.align([*rows, *[latex.DOTS] * has_more])

    def _repr_latex_(self) -> str:
        return self.latex(max_rows=_SHOWN)

    def __repr__(self) -> str:
        said = "per slow step" if self.is_per_step else "given an avalanche"
        said += "" if self.start is None else f", start {self.start!r}"
        said += f", given {self.condition}" if self.condition else ""
        said += f", relative error <= {self.error_bound:.1e}" if self.error_bound else ""

        def number(outcome: K) -> str:
            return str(self[outcome]) if isinstance(self.measure, Exact) else f"{self[outcome]:.6g}"

        shown = ", ".join(f"{self.kind.text(outcome)}: {number(outcome)}" for outcome in list(self)[:_SHOWN])
        more = f", ... {len(self) - _SHOWN} more" if len(self) > _SHOWN else ""
        return f"<{type(self).__name__} {said}: {shown}{more}>"
