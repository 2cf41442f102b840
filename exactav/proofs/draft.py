"""A derivation that is written step by step, as in a notebook: each step is checked as it is defined."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.expressions import described
from exactav.proofs.checks import REACHES, Check, Where, chain
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.regions import conditions
from exactav.showing import html
from exactav.showing.displays import referred
from exactav.showing.typesetting import LINE

Claim = Callable[[], Any]


def _name(function: Claim) -> str:
    """A function's name as a label; empty where it has none."""
    name = function.__name__.strip("_").replace("_", "-")
    return "" if name.startswith("<") else name


class Draft:
    r"""A derivation in the making: steps are functions that return what is equal, or a check.

    A step is run when it is defined, and says what was found; one that does not hold raises, and is not kept.
    Defining a step again, under the same name, replaces it, and those after it stay: cells of a notebook can
    be run again.

    Args:
        title: what it is about, in plain words.
        statement: the theorem, in LaTeX.
        assumptions: its conditions, in LaTeX, one each.
        where: conditions on symbols that all steps use, such as ``(0 < a, a < 1)``; they are written among
            the assumptions.
        source: where it was published, in plain text.
        name: of the derivation, before the labels of its equations.

    Raises:
        ArgumentError: a condition is none, or they contradict each other.

    >>> a, n = sympy.Symbol("a", positive=True), sympy.Symbol("n", integer=True, positive=True)
    >>> draft = Draft("two steps", where=a < 1, name="two")
    >>> @draft.step(r"\sqrt{(1-a)^2} = 1 - a", "Since $a<1$.")
    ... def root():
    ...     return sympy.sqrt((1 - a) ** 2), 1 - a
    (1) root (proved: symbolic identity)
    >>> @draft.step(r"(n+1)^2 = n^2+2n+1 = n(n+2)+1", r"As \eqref{root}.", false=lambda: ((n + 1) ** 2, n**2))
    ... def square():
    ...     "a square, for all n"
    ...     return (n + 1) ** 2, n**2 + 2 * n + 1, n * (n + 2) + 1
    (2) a square, for all n (proved: symbolic identity; its false neighbour is refuted)
    >>> draft
    <Draft: two steps; 2 proved, 1 with a false neighbour>
    """

    def __init__(
        self,
        title: str,
        *,
        statement: str = "",
        assumptions: Sequence[str] = (),
        where: Where = (),
        source: str = "",
        name: str = "draft",
    ) -> None:
        self.title, self.statement, self.source, self.name = title, statement, source, name
        self._where = conditions(where)
        written = [f"${sympy.latex(condition)}$." for condition in self._where]
        self.assumptions = (*([assumptions] if isinstance(assumptions, str) else assumptions), *written)
        self._steps: dict[str, Step] = {}

    def step(
        self, equation: str, reason: str = "", *, label: str = "", false: Claim | Check | None = None
    ) -> Callable[[Claim], Step]:
        """A decorator of a function that returns a check, or a tuple of sides that are equal in turn.

        The function's docstring is the claim in words, else its name.

        Args:
            equation: what the step shows, in LaTeX for a display.
            reason: why it holds; ``\\eqref{label}`` refers to an earlier step.
            label: what later steps refer to it by; the function's name unless given.
            false: the same for a nearby false claim, which must be refuted.

        Raises:
            ArgumentError: the reason refers to a label of no earlier step, or the function returns no check
                and no sides.
            RefutedError: the claim is false; the message names a counterexample.
            UndecidedError: it is neither proved nor refuted; the message says what may decide it.
        """

        def decorated(function: Claim) -> Step:
            key = label or _name(function) or f"step-{len(self._steps) + 1}"
            before = list(self._steps)[: list(self._steps).index(key)] if key in self._steps else self._steps
            if unknown := [name for name in referred(reason) if name not in before]:
                raise ArgumentError(
                    f"step {key!r} refers to {unknown[0]!r}, no label of a step before; there are: "
                    f"{', '.join(before) or 'none yet'}"
                )
            claim = (inspect.getdoc(function) or key.replace("-", " ")).rstrip(".")
            mutant = None if false is None else self._check(f"a false neighbour: {claim}", false)
            made = Step(equation, reason, self._check(claim, function), mutant, label=key)
            number = list(self._steps).index(key) + 1 if key in self._steps else len(self._steps) + 1
            made.verdict().require(f"step {number} ({key})")
            self._steps[key] = made
            refuted = "; its false neighbour is refuted" if mutant else ""
            print(f"({number}) {claim} ({made.check.said}{refuted})")
            return made

        return decorated

    def _check(self, claim: str, given: Claim | Check) -> Check:
        made = given if isinstance(given, Check) else given()
        if isinstance(made, Check):
            return made
        if not isinstance(made, tuple | list) or len(made) < 2:
            raise ArgumentError(
                f"{claim!r}: {described(made)} is neither a check nor sides that are equal: return a tuple "
                "of at least two expressions, or a check"
            )
        return chain(claim, *made, where=self._where)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those that hold, in order."""
        return tuple(self._steps.values())

    def derivation(self) -> Derivation:
        """The derivation of these steps."""
        return Derivation(self.name, self.title, self.statement, self.assumptions, self.source, self.steps)

    def latex(self, *, line: float | str = LINE) -> str:
        """As :meth:`Derivation.latex`."""
        return self.derivation().latex(line=line)

    def _summary(self) -> str:
        reached = [step.reach for step in self.steps]
        said = [f"{reached.count(reach)} {reach}" for reach in REACHES if reach in reached]
        said += [f"{sum(step.mutant is not None for step in self.steps)} with a false neighbour"]
        return ", ".join(said)

    def __repr__(self) -> str:
        return f"<Draft: {self.title}; {self._summary()}>"

    def _repr_html_(self) -> str:
        return self.derivation()._repr_html_() + html.note(self._summary())
