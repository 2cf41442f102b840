"""A derivation that is written step by step, as in a notebook: each step is checked as it is defined."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sympy

from exactav.errors import ArgumentError, OptionError, UndecidedError
from exactav.numbers.arguments import each, taking, text
from exactav.numbers.expressions import described
from exactav.pickles import refusing
from exactav.proofs.asked import makes
from exactav.proofs.checks import REACHES, Check, Where, chain
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.regions import conditions, symbols_of
from exactav.showing import html
from exactav.showing.displays import referred
from exactav.showing.typesetting import LINE

Claim = Callable[[], Any]
_texts = each(text, "['0 < a']")


def _name(function: Claim) -> str:
    """A function's name as a label; empty where it has none."""
    name = getattr(function, "__name__", "<").strip("_").replace("_", "-")
    return "" if name.startswith("<") else name


def _label(name: str, argument: str) -> str:
    """A name that LaTeX takes for a label."""
    if not isinstance(name, str) or not re.fullmatch(r"[\w:.+/ -]+", name):
        raise OptionError(f"{argument} = {described(name)}: give letters, digits and : . - _ only")
    return name


def _assumed(symbol: sympy.Symbol) -> str:
    """What is assumed of a symbol, in LaTeX; empty if nothing is.

    >>> print(_assumed(sympy.Symbol("n", integer=True, positive=True)))
    n \\in \\{1, 2, \\dots\\}
    """
    written = sympy.latex(symbol)
    if symbol.is_integer:
        first = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else None
        return rf"{written} \in " + (
            r"\mathbb{Z}" if first is None else rf"\{{{first}, {first + 1}, \dots\}}"
        )
    signs = {"positive": "> 0", "negative": "< 0", "nonnegative": r"\geq 0", "nonpositive": r"\leq 0"}
    told = next((sign for name, sign in signs.items() if getattr(symbol, f"is_{name}")), None)
    if told:
        return f"{written} {told}"
    return rf"{written} \in \mathbb{{R}}" if symbol.is_real else ""


class Draft:
    r"""A derivation in the making: steps are functions that return what is equal, or a check.

    A step is run when it is defined, and says what was found; one that does not hold raises, and is not kept.
    Defining a step again, under the same label, replaces it, and those after it stay: cells of a notebook can
    be run again. Where a step that held was replaced by one that does not, its place is open, and there is no
    derivation, until it is corrected.

    Args:
        title: what it is about, in plain words.
        statement: the theorem, in LaTeX.
        assumptions: its conditions, in LaTeX, one each.
        where: conditions on symbols, such as ``(0 < a, a < 1)``, that all steps use which return sides; a
            check takes them as ``where=draft.where``. They are written among the assumptions, and so is what
            is assumed of the symbols of sides themselves.
        source: where it was published, in plain text.
        name: of the derivation, before the labels of its equations.

    Raises:
        ArgumentError: a condition is none, or they contradict each other.
        OptionError: the name is no label of LaTeX.

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

    __reduce_ex__ = refusing("keep the file or notebook that makes it")

    @taking(title=text, statement=text, source=text)
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
        self.title, self.statement, self.source, self.name = title, statement, source, _label(name, "name")
        self.where = conditions(where)
        self._given = (assumptions,) if isinstance(assumptions, str) else _texts(assumptions, "assumptions")
        self._steps: dict[str, Step] = {}
        self._symbols: dict[str, set[sympy.Symbol]] = {}  # of sides, by labels
        self._open: set[str] = set()  # labels of steps that do not hold as they were last written

    @taking(equation=text, reason=text, label=text)
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

        if false is not None and not isinstance(false, Check):
            makes(false, "false")

        def decorated(function: Claim) -> Step:
            makes(function, "a step")
            key = _label(label or _name(function) or f"step-{len(self._steps) + 1}", "label")
            self._open |= {key} & set(self._steps)
            self._known(key, reason)
            claim = (inspect.getdoc(function) or key.replace("-", " ")).rstrip(".")
            mutant = None if false is None else self._check(f"a false neighbour: {claim}", false)[0]
            check, symbols = self._check(claim, function)
            made = Step(equation, reason, check, mutant, label=key)
            number = [*self._steps, key].index(key) + 1
            made.verdict().require(f"step {number} ({key})")
            self._steps[key], self._symbols[key] = made, symbols
            self._open -= {key}
            refuted = "; its false neighbour is refuted" if mutant else ""
            print(f"({number}) {claim} ({check.said}{refuted})")
            return made

        return decorated

    def _known(self, key: str, reason: str) -> None:
        """Nothing, if a step refers only to those before it that hold."""
        labels = [*self._steps, key]
        before = [name for name in labels[: labels.index(key)] if name not in self._open]
        for name in referred(reason):
            if name in self._open - {key}:
                raise ArgumentError(
                    f"step {key!r} refers to {name!r}, which does not hold as it was last written: correct it"
                )
            if name not in before:
                raise ArgumentError(
                    f"step {key!r} refers to {name!r}, no label of a step before; there are: "
                    f"{', '.join(before) or 'none yet'}"
                )

    def _check(self, claim: str, given: Claim | Check) -> tuple[Check, set[sympy.Symbol]]:
        """The check that is given or made, and the symbols of sides; their conditions are the draft's."""
        made = given if isinstance(given, Check) else given()
        if isinstance(made, Check):
            return made, set()
        if not isinstance(made, tuple | list) or len(made) < 2:
            raise ArgumentError(
                f"{claim!r}: {described(made)} is neither a check nor sides that are equal: return a tuple "
                "of at least two expressions, or a check"
            )
        return replace(chain(claim, *made, where=self.where), where=()), symbols_of(made)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those that hold, in order."""
        return tuple(step for label, step in self._steps.items() if label not in self._open)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Those that were given, the conditions, and what is assumed of symbols, in LaTeX."""
        symbols = {symbol for condition in self.where for symbol in condition.free_symbols}
        symbols = symbols.union(*self._symbols.values())
        assumed = [one for one in map(_assumed, sorted(symbols, key=str)) if one]
        lists = [assumed, [sympy.latex(condition) for condition in self.where]]
        return (*self._given, *(", ".join(f"${one}$" for one in each) + "." for each in lists if each))

    def derivation(self) -> Derivation:
        """The derivation of these steps.

        Raises:
            UndecidedError: a step does not hold as it was last written.
        """
        for label in self._open:
            raise UndecidedError(
                f"step {label!r} does not hold as it was last written: correct it and run it again"
            )
        return Derivation(self.name, self.title, self.statement, self.assumptions, self.source, self.steps)

    def latex(self, *, line: float | str = LINE) -> str:
        """As :meth:`Derivation.latex`; ``line="revtex"`` is for two columns."""
        return self.derivation().latex(line=line)

    def _summary(self) -> str:
        reached = [step.reach for step in self.steps]
        said = [f"{reached.count(reach)} {reach}" for reach in REACHES if reach in reached]
        said += [f"{sum(step.mutant is not None for step in self.steps)} with a false neighbour"]
        said += [f"{len(self._open)} to be corrected"] * bool(self._open)
        return ", ".join(said)

    def __repr__(self) -> str:
        return f"<Draft: {self.title}; {self._summary()}>"

    def _repr_html_(self) -> str:
        if self._open:
            return html.card(f"Derivation {self.name}: {self.title}", html.note(self._summary()))
        return self.derivation()._repr_html_() + html.note(self._summary())
