"""A paper, checked: each displayed equation with its verdict."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exactav.errors import ArgumentError, OptionError, ParseError, UnknownNameError
from exactav.formulas.catalogue import get
from exactav.numbers.arguments import seconds as checked_seconds
from exactav.numbers.expressions import described
from exactav.papers.claims import Claim, Outcome
from exactav.papers.judge import Judge, borrowed, returned
from exactav.papers.reading import Reading
from exactav.papers.source import Source, source
from exactav.pickles import tagged
from exactav.running.files import read
from exactav.showing import html

OUTCOMES: tuple[Outcome, ...] = ("holds", "refuted", "undecided", "not understood", "defines")
JSON_FORMAT = 1
_MAX_BYTES = 1_000_000
_MAX_EQUATIONS = 2_000
_LONGEST = 120  # characters of an equation that are shown


@dataclass(frozen=True)
class PaperRow:
    """One equation of a paper, or a comment that is not understood.

    Attributes:
        line: where it begins, or where what is not understood is; from 1.
        column: the same.
        equation: its LaTeX, shortened where it is long; of a chain the part from the equals sign on.
        outcome: ``holds``; ``refuted``, at the point that ``detail`` names; ``undecided``; ``not
            understood``, for the reason in ``detail``; or ``defines``, where it says what a symbol is.
        detail: the point with both values, or the reason, or what is defined.
    """

    line: int
    column: int
    equation: str
    outcome: Outcome
    detail: str = ""

    __reduce_ex__ = tagged

    def __repr__(self) -> str:
        return f"<line {self.line}: {self.outcome}, {self.equation[:50]}>"

    def _repr_html_(self) -> str:
        where = html.text(f"line {self.line}, column {self.column}")
        said = [
            ("where", where),
            ("equation", html.text(self.equation, 200)),
            ("why", html.text(self.detail, 400)),
        ]
        return html.card(self.outcome, html.facts(said))

    def facts(self) -> dict[str, Any]:
        """What it says, as plain data."""
        return {
            "line": self.line,
            "column": self.column,
            "equation": self.equation,
            "outcome": self.outcome,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class PaperCheck:
    """The equations of a paper with their verdicts, in their order.

    Attributes:
        rows: one an equals sign.
        ignored: how many displays or rows the file asks to skip.
        formulas: what is written for formulas of the catalogue, with their IDs.
    """

    rows: tuple[PaperRow, ...]
    ignored: int = 0
    formulas: tuple[tuple[str, str], ...] = ()

    __reduce_ex__ = tagged

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many rows have each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def is_refuted(self) -> bool:
        """Whether an equation is false."""
        return any(row.outcome == "refuted" for row in self.rows)

    def to_json(self) -> str:
        """All as JSON.

        ``format``, ``counts``, ``ignored``, ``formulas`` that names stand for (with whether they
        are proved for all values), and ``rows`` of line, column, equation, outcome and detail.
        """
        content = {
            "format": JSON_FORMAT,
            "counts": dict(self.counts),
            "ignored": self.ignored,
            "formulas": [
                {"written": written, "id": formula_id, "proved": get(formula_id).is_proved}
                for written, formula_id in self.formulas
            ],
            "rows": [row.facts() for row in self.rows],
        }
        return json.dumps(content, indent=2) + "\n"

    def summary(self) -> str:
        """The counts in words.

        >>> PaperCheck((PaperRow(1, 1, "1 = 1", "holds"),)).summary()
        '1 equation: 1 holds'
        """
        said = [f"{count} {outcome}" for outcome, count in self.counts.items() if count]
        said += [f"{self.ignored} ignored"] if self.ignored else []
        plural = "" if len(self.rows) == 1 else "s"
        return f"{len(self.rows)} equation{plural}{': ' if said else ''}{', '.join(said)}"

    def compared_with(self) -> list[str]:
        """What each name stands for, and how far that is proved.

        >>> PaperCheck((), 0, (("P(L)", "homogeneous.size"),)).compared_with()
        ['P(L) is homogeneous.size, proved for all values in derivation 08, step 4']
        """
        return [
            f"{written} is {formula_id}, {get(formula_id).proof}" for written, formula_id in self.formulas
        ]

    def __repr__(self) -> str:
        return f"<PaperCheck of {self.summary()}>"

    def _repr_html_(self) -> str:
        rows = [
            [
                html.text(row.line),
                html.text(row.outcome),
                html.text(row.equation, 80),
                html.text(row.detail, 120),
            ]
            for row in self.rows
        ]
        table = html.table(["line", "verdict", "equation", "why"], rows)
        return html.card(self.summary(), table, *map(html.note, self.compared_with()))


def check_paper(text_or_path: str | os.PathLike[str], *, seconds: float = 10.0) -> PaperCheck:
    r"""The displayed equations of a LaTeX file, each with a verdict.

    Every ``=`` of equation, align, gather, multline, eqnarray, ``\[ \]`` and ``$$ $$`` is checked, for all
    values of the symbols that the file allows: comments such as ``% exactav: N integer, 0 < alpha < 1`` say
    what is assumed, ``% exactav: P(L) = homogeneous.size`` that a name stands for a formula of the
    catalogue, ``% exactav: q = 1 - alpha`` what an abbreviation means; ``% exactav: ignore`` skips the next
    display. A point refutes an equation only if it fulfils all that is assumed, and what the text around the
    display says of numbers; symbols that nothing is said of are positive numbers, and counts at least 1, at
    such points. All symbols are numbers: no matrices. No text runs code, and nothing is guessed.

    Args:
        text_or_path: a path (of at most 1 MB), or LaTeX itself: any text with a line break, a backslash or
            a dollar that is not the name of a file.
        seconds: for each equation, after which it is undecided.

    Raises:
        UnknownNameError: there is no such file.
        ParseError: it is no text, or too long.
        ArgumentError: it is neither text nor path.
        OptionError: ``seconds`` is no number of seconds above 0.

    >>> done = check_paper(r"\[ \sum_{k=1}^{n} k = \frac{n(n+1)}{2}, \qquad (x+1)^2 = x^2 + 1. \]")
    >>> [row.outcome for row in done.rows], done.rows[1].detail
    (['holds', 'refuted'], 'at x = 5, left is 36, right is 26')
    """
    limit = checked_seconds(seconds, "seconds")
    if not 0 < limit < 1e6:
        raise OptionError(f"seconds = {described(seconds)}: give a number of seconds above 0")
    found = source(_text(text_or_path))
    reading = Reading(found)
    judge = borrowed()
    rows: list[PaperRow] = []
    try:
        for claim in reading.claims():
            if len(rows) >= _MAX_EQUATIONS:
                raise ParseError(f"it has more than {_MAX_EQUATIONS} equations: check its parts one by one")
            rows.append(_row(found, claim, judge, limit))
    finally:
        returned(judge)
    return PaperCheck(tuple(rows), reading.ignored, tuple(reading.known.bound.items()))


def _row(found: Source, claim: Claim, judge: Judge, limit: float) -> PaperRow:
    equation = " ".join(found.original[claim.start : claim.stop].split())
    if len(equation) > _LONGEST:
        equation = f"{equation[: _LONGEST - 30]} ... {equation[-25:]}"
    outcome, detail = claim.outcome, claim.detail
    if claim.question is not None:
        verdict = judge.decide(claim.question, limit)
        if verdict.outcome == "holds":
            outcome, detail = "holds", ""
        elif outcome == "not understood":
            pass
        elif verdict.outcome == "undecided" or not claim.detail:
            outcome, detail = (
                verdict.outcome,
                "; ".join(part for part in (claim.detail, verdict.detail) if part),
            )
    at = claim.at if outcome == "not understood" and claim.at >= 0 else claim.start
    line, column = found.place(min(at, len(found.text)))
    return PaperRow(line, column, equation, outcome, detail)


def _text(given: str | os.PathLike[str]) -> str:
    if not isinstance(given, str | os.PathLike):
        raise ArgumentError(f"{described(given)} is no paper: give LaTeX, or the path of a LaTeX file")
    name = os.fspath(given)
    if not isinstance(name, str):
        raise ArgumentError(f"{described(given)} is no paper: give LaTeX, or the path of a LaTeX file")
    if isinstance(given, str) and any(c in given for c in "\n\\$%") and not _is_file(given):
        if len(given.encode("utf-8", "replace")) > _MAX_BYTES:
            raise ParseError(f"a text of more than {_MAX_BYTES // 1_000_000} MB: give a smaller one")
        return given
    try:
        return read(name, _MAX_BYTES).decode("utf-8-sig")
    except UnknownNameError:
        raise UnknownNameError(f"{described(name)}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise ParseError(f"{name}: byte {error.start} is not UTF-8 text: save it as UTF-8") from None
    except ParseError as error:
        raise ParseError(f"{name}: {error}") from None


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False
