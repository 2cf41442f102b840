"""A derivation: a statement with assumptions, and a proof in steps each of which has a check that can fail.

The derivations of exactav are scripts in the folder ``derivations``; each defines ``DERIVATION``. A step
carries, beside its check, a *mutant*: a nearby false claim put through the same check, which must refute it.
A check that does not refute its mutant sees nothing, whether it lets it pass or cannot tell.
"""

import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import sympy

from exactav.errors import (
    ArgumentError,
    ExactavError,
    ParseError,
    RefutedError,
    UndecidedError,
    UnknownNameError,
)
from exactav.numbers.arguments import each, fields_taken, mapping, one, text
from exactav.numbers.expressions import described
from exactav.pickles import refusing
from exactav.proofs.checks import Check, Reach
from exactav.proofs.verdicts import Verdict, all_hold, refuted
from exactav.showing import html
from exactav.showing.displays import displayed, fitted, referred, referring
from exactav.showing.latex import escape
from exactav.showing.layout import line_width
from exactav.showing.typesetting import LINE

_MARGIN = 4.5  # em of a numbered equation in a list


@dataclass(frozen=True)
class Step:
    """One step of a proof.

    Attributes:
        equation: what the step shows, in LaTeX for a display.
        reason: why it holds, a sentence or two with inline LaTeX.
        check: the computation that would be refuted if it did not hold.
        mutant: the same computation for a nearby false claim, which must be refuted; each step of exactav's
            derivations has one.
        also: further checks, such as tests of what ``check`` proves against what exactav computes.
        label: what later steps refer to it by, in LaTeX as ``\\eqref{label}``; none if empty.
        proves: formulas of the catalogue, by ID, that follow for all values of their symbols.
    """

    equation: str
    reason: str
    check: Check
    mutant: Check | None = None
    also: tuple[Check, ...] = ()
    label: str = ""
    proves: Mapping[str, sympy.Expr] = field(default_factory=dict)

    __reduce_ex__ = refusing("load the derivation where it is needed")

    def __post_init__(self) -> None:
        check = one(Check, "identity('a claim', left, right)")
        fields_taken(
            self,
            equation=text,
            reason=text,
            check=check,
            mutant=check,
            also=each(check, "(check,)"),
            label=text,
            proves=lambda value, name: mapping(value, name, "{'homogeneous.mean': expr}"),
        )

    @property
    def reach(self) -> Reach:
        """Whether the step is proved, proved for stated sizes, or tested."""
        return self.check.reach

    def __repr__(self) -> str:
        return f"<Step: {self.check.claim} ({self.check.said})>"

    def _repr_html_(self) -> str:
        said = [("checked", html.text(self.check.claim, 300)), ("reach", html.text(self.check.said))]
        reason = referring(self.reason, lambda label: f"({label})")
        return html.card("Step", html.displayed(self.equation), html.prose(reason), html.facts(said))

    def verdict(self) -> Verdict:
        """That on the check and all others; if they hold, whether the mutant is refuted."""
        found = all_hold(check.verdict().at(check.claim) for check in (self.check, *self.also))
        if found.outcome != "holds" or self.mutant is None:
            return found
        mutant = self.mutant.verdict()
        if mutant.is_refuted:
            return found
        blind = f"the check does not see that this is false: {self.mutant.claim}"
        return refuted(blind) if mutant.outcome == "holds" else mutant.at(blind)


@dataclass(frozen=True)
class Derivation:
    """A theorem with a proof that runs.

    Attributes:
        id: two digits, never used for another theorem.
        title: what it is about, in plain words.
        statement: the theorem, in LaTeX.
        assumptions: its conditions, in LaTeX, one each.
        source: where it was published, in plain text.
        steps: the proof.
    """

    id: str
    title: str
    statement: str
    assumptions: tuple[str, ...]
    source: str
    steps: tuple[Step, ...]

    __reduce_ex__ = refusing("load the derivation where it is needed")

    def verified(self) -> Iterator[Step]:
        """Each step once its check has held and its mutant was refuted, in order.

        Raises:
            RefutedError: at the first step whose check is refuted, or whose mutant holds.
            UndecidedError: at the first step whose check or mutant is undecided.
        """
        for number, step in enumerate(self.steps, start=1):
            step.verdict().require(f"derivation {self.id}, step {number}")
            yield step

    def latex(self, *, line: float | str = LINE) -> str:
        """The derivation as a section of a paper; each step's equation has its number and its label.

        Args:
            line: width of a row in em of the font; or "revtex" (a column of two), "article", "amsart" or
                "document".

        A step labelled ``tree`` of derivation 08 has ``\\label{08:tree}``; one without a label that of its
        number.
        """
        room = line_width(line)
        prose = {name: rf"\eqref{{{self.id}:{name}}}" for name in self.numbers}
        assumptions = "\n".join(rf"\item {fitted(assumption, room)}" for assumption in self.assumptions)
        steps = "\n".join(
            f"\\item {fitted(referring(step.reason, prose.__getitem__), room)}\n"
            f"{displayed(step.equation, line=room - _MARGIN, label=f'{self.id}:{step.label or number}')}\n"
            f"{{\\small\\textit{{{_checked(step)}.}}}}"
            for number, step in enumerate(self.steps, start=1)
        )
        parts = {
            rf"\section*{{Derivation {self.id}: {escape(self.title[:1].upper() + self.title[1:])}}}": True,
            rf"\textbf{{Statement.}} {fitted(self.statement, room)}": self.statement,
            rf"\textbf{{Assumptions.}}\begin{{itemize}}{assumptions}\end{{itemize}}": assumptions,
            rf"\textbf{{Proof.}}\begin{{enumerate}}{steps}\end{{enumerate}}": steps,
            rf"\textbf{{Source.}} {escape(self.source)}": self.source,
        }
        return "\n\n".join(part for part, is_said in parts.items() if is_said)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of labelled steps."""
        return {step.label: number for number, step in enumerate(self.steps, start=1) if step.label}

    def __post_init__(self) -> None:
        fields_taken(
            self,
            id=text,
            title=text,
            statement=text,
            assumptions=each(text, "('0 < a',)"),
            source=text,
            steps=each(one(Step, "Step(equation, reason, check)"), "(step,)"),
        )
        known: set[str] = set()
        for number, step in enumerate(self.steps, start=1):
            for label in referred(step.reason):
                if label not in known:
                    raise ArgumentError(
                        f"derivation {self.id}, step {number} refers to {label!r}, no label of a step before"
                    )
            if step.label in known:
                raise ArgumentError(f"derivation {self.id} has two steps labelled {step.label!r}")
            known |= {step.label} - {""}

    def _repr_html_(self) -> str:
        rows = [
            [html.text(f"({number})"), html.math(step.equation), html.text(step.check.said)]
            for number, step in enumerate(self.steps, start=1)
        ]
        listed = html.table(["step", "equation", "checked"], rows)
        source = html.note(f"source: {self.source}")
        return html.card(f"Derivation {self.id}: {self.title}", html.prose(self.statement), listed, source)

    def main(self) -> int:
        """Verify in a terminal: one line a step, then the verdict; the exit status."""
        try:
            for number, step in enumerate(self.verified(), start=1):
                print(f"step {number}: {step.check.claim} ({step.check.said})")
        except (RefutedError, UndecidedError) as error:
            print(f"derivation {self.id} {failure(error)}")
            return 1
        print(f"derivation {self.id} holds")
        return 0


def _checked(step: Step) -> str:
    said = step.check.said
    return escape(f"{said[:1].upper()}{said[1:]}: {step.check.claim}")


def failure(error: ExactavError) -> str:
    """What is said of a derivation or formula that is not verified."""
    return f"{'UNDECIDED' if isinstance(error, UndecidedError) else 'FAILED'}: {error}"


def available() -> Mapping[str, Path]:
    """The scripts of all derivations by ID."""
    package = Path(__file__).parents[1]
    folders = [package / "_derivations", package.parent / "derivations"]  # installed, or in a clone
    found = {
        path.name[:2]: path
        for folder in folders
        for path in sorted(folder.glob("[0-9][0-9]_*.py"))
        if re.fullmatch(r"\d\d_\w+\.py", path.name)
    }
    return MappingProxyType(found)


def load(derivation_id: str) -> Derivation:
    """The derivation with this ID.

    Raises:
        UnknownNameError: there is none; the message lists what there is.
    """
    scripts = available()
    if not isinstance(derivation_id, str) or derivation_id not in scripts:
        raise UnknownNameError(
            f"no derivation has the ID {described(derivation_id)}; there are {', '.join(scripts)}"
        )
    path = scripts[derivation_id]
    name = f"exactav_derivation_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ParseError(f"{path} cannot be loaded as Python")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]  # half made
            raise
    derivation: Derivation = sys.modules[name].DERIVATION
    return derivation
