"""What the command line shows: sections of exact values, written as tables, JSON, CSV or LaTeX.

A :class:`Section` holds values by outcome (row) and quantity (column). Every value is an exact expression;
decimals are made from it at the very end, correctly rounded.
"""

import csv
import io
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import sympy
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from exactav.errors import TooCostlyError
from exactav.laws.assembly import AssemblyLaw, assembly_law
from exactav.laws.duration import duration_law
from exactav.laws.law import FloatLaw, Law, NumericLaw
from exactav.laws.marginals import (
    avalanche_probability,
    firings_per_input,
    mean_size,
    participation,
    participation_overall,
)
from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.numbers.digits import decimal_digits, round_fraction
from exactav.running.tasks import Progress
from exactav.showing import latex

_WIDEST_EXACT = 60  # characters of an exact value beside its decimal in a terminal table
_SIZES = "Avalanche sizes, given an avalanche"
_ASSEMBLIES = "Assemblies, given an avalanche"
_DURATIONS = "Avalanche durations, given an avalanche"
_DURATION_COST = 20.0  # seconds; a report does not spend more on durations
_LARGEST_MATRIX = 12  # units of a participation matrix shown in the terminal


class Outcome(NamedTuple):
    """One row's name: as plain text, as JSON data, as LaTeX."""

    text: str
    data: Any
    latex: str


@dataclass(frozen=True)
class Section:
    """Exact values by outcome and quantity; ``note`` says what is missing and why.

    ``disagrees`` marks a comparison that failed. With a ``relative_error`` values are known only within it:
    they have no exact form, and as many digits as are certain.
    """

    name: str
    title: str
    outcome_name: str = ""
    quantities: Sequence[str] = ()
    rows: Sequence[tuple[Outcome, Sequence[sympy.Expr]]] = ()
    note: str = ""
    in_terminal: bool = True
    disagrees: bool = False
    relative_error: Fraction = Fraction(0)


@dataclass(frozen=True)
class Report:
    """Sections about one network, with a heading of plain facts."""

    title: str
    facts: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    digits: int = 10

    def decimal(self, value: sympy.Expr, relative_error: Fraction = Fraction(0)) -> str:
        """Correctly rounded decimal digits, as many as are certain; empty where symbols are left."""
        if value.free_symbols:
            return ""
        if not relative_error:
            return str(decimal_digits(value, self.digits)).replace("E", "e")
        number = Fraction(int(value.p), int(value.q))
        for digits in range(self.digits, 0, -1):
            low, high = (round_fraction(number * (1 + side * relative_error), digits) for side in (-1, 1))
            if low == high:
                return str(low).replace("E", "e")
        return "?"

    def json(self) -> str:
        """One object: title, facts, and for each section a list of rows with exact text and decimal."""

        def row(section: Section, outcome: Outcome, values: Sequence[sympy.Expr]) -> dict[str, Any]:
            cells = {
                quantity: {
                    "exact": None if section.relative_error else str(value),
                    "decimal": self.decimal(value, section.relative_error) or None,
                }
                for quantity, value in zip(section.quantities, values, strict=True)
            }
            return {section.outcome_name or "quantity": outcome.data, **cells}

        content: dict[str, Any] = {"title": self.title, **self.facts}
        for section in self.sections:
            content[section.name] = [row(section, *entry) for entry in section.rows] if section.rows else None
            if section.note:
                content[f"{section.name}_note"] = section.note
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def csv(self) -> str:
        """One line a value: section, outcome, quantity, exact, decimal."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["section", "outcome", "quantity", "exact", "decimal"])
        for section in self.sections:
            for outcome, values in section.rows:
                for quantity, value in zip(section.quantities, values, strict=True):
                    exact = "" if section.relative_error else value
                    decimal = self.decimal(value, section.relative_error)
                    writer.writerow([section.name, outcome.text, quantity, exact, decimal])
        return text.getvalue()

    def latex(self) -> str:
        """A standalone LaTeX document."""
        parts = [" ".join(f"{latex.escape(f'{key}: {value}.')}" for key, value in self.facts.items())]
        for section in self.sections:
            parts.append(rf"\subsection*{{{latex.escape(section.title)}}}")
            if section.note:
                parts.append(latex.escape(section.note))
            if len(section.quantities) == 1 and not section.relative_error:
                parts.append(latex.aligned_equations((o.latex, values[0]) for o, values in section.rows))
            elif any(value.free_symbols for _, values in section.rows for value in values):
                for column, quantity in enumerate(section.quantities):
                    equations = [
                        (rf"\text{{{latex.escape(quantity)}}}({o.latex})", values[column])
                        for o, values in section.rows
                    ]
                    parts.append(latex.aligned_equations(equations))
            elif section.rows:
                header = [latex.escape(section.outcome_name), *map(latex.escape, section.quantities)]
                body = [
                    [f"${o.latex}$", *(f"${self.decimal(v, section.relative_error)}$" for v in values)]
                    for o, values in section.rows
                ]
                parts.append(latex.table(header, body))
        return latex.document(*parts, title=self.title)

    def renderable(self) -> Group:
        """Tables for a rich console."""
        facts = [Text(f"  {key}: {value}") for key, value in self.facts.items()]
        sections = [part for section in self.sections for part in (Text(), self._renderable(section))]
        return Group(Text(self.title, style="bold"), *facts, *sections)

    def table(self, width: int) -> str:
        """The tables as plain text of at most ``width`` columns."""
        console = Console(width=width, file=io.StringIO(), color_system=None)
        with console.capture() as capture:
            console.print(self.renderable())
        return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"

    def _renderable(self, section: Section) -> Group | Table:
        title, note = Text(section.title, style="bold"), Text(section.note)
        if not section.in_terminal:
            return Group(title, Text("too wide for a terminal: --format json, csv or latex"))
        if not section.rows:
            return Group(title, note)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(section.outcome_name, overflow="fold")
        if len(section.quantities) == 1:
            exact = [str(values[0]) for _, values in section.rows]
            decimals = [self.decimal(values[0], section.relative_error) for _, values in section.rows]
            if any(decimals):
                table.add_column(section.quantities[0], no_wrap=True)
            if section.relative_error:
                exact = []
            elif not any(decimals) or max(map(len, exact)) <= _WIDEST_EXACT:
                table.add_column("exact", overflow="fold")
            else:
                exact = []
                note.append("exact values: --format json, csv or latex" if not section.note else "")
            for index, (outcome, _) in enumerate(section.rows):
                cells = [*([decimals[index]] if any(decimals) else []), *exact[index : index + 1]]
                table.add_row(outcome.text, *cells)
        else:
            for quantity in section.quantities:
                table.add_column(quantity, overflow="fold")
            for outcome, values in section.rows:
                table.add_row(outcome.text, *(self.decimal(value) or str(value) for value in values))
        return Group(title, table, *([note] if note.plain else []))


def network_facts(net: Network) -> dict[str, str]:
    """What a reader should know of the network before the numbers."""
    n_weights = sum(len(row) for row in net.rows)
    facts = {"units": str(net.n_units), "weights": f"{n_weights} nonzero"}
    if net.symbols:
        facts["symbols"] = ", ".join(map(str, net.symbols))
    elif net.n_units <= 1000:
        leaks = set(net.leak)
        facts["leak"] = str(leaks.pop()) if len(leaks) == 1 else f"{min(leaks)} to {max(leaks)}"
    facts["increment"] = "weak drive (none given)" if net.increment is None else str(net.increment)
    return facts


def law_section(law: Law[Any], name: str, title: str, *, most_probable: int | None = None) -> Section:
    """A law as a section, of all outcomes or of the ``most_probable`` ones, where they can be sorted."""
    chosen = list(law.weights)
    note = ""
    if most_probable is not None and most_probable < len(chosen):
        note = f"{most_probable} of {len(chosen):,} that are possible"
        if law.is_rational:
            chosen = [outcome for outcome, _ in law.most_probable(most_probable)]
            note = f"the {most_probable} most probable of {len(chosen) and len(law):,}"
        chosen = chosen[:most_probable]
    elif most_probable is not None and law.is_rational:
        chosen = [outcome for outcome, _ in law.most_probable(most_probable)]
    rows = [
        (
            Outcome(law.kind.text(o), law.kind.data(o), rf"P({law.kind.letter} = {law.kind.latex(o)})"),
            [law[o]],
        )
        for o in chosen
    ]
    return Section(name, title, law.kind.name.replace("_", ", "), ["probability"], rows, note)


def unit_outcome(label: Hashable) -> Outcome:
    """A unit as a row."""
    return Outcome(str(label), label if isinstance(label, int) else str(label), latex.label(label))


def sizes_section(law: NumericLaw) -> Section:
    """The law of sizes."""
    if isinstance(law, FloatLaw):
        rows = [
            (Outcome(str(size), size, f"P(L = {size})"), [sympy.Rational(probability)])
            for size, probability in law.items()
        ]
        note = f"floating point, relative errors below {law.error_bound:.1e}"
        error = Fraction(law.error_bound)
        return Section("sizes", _SIZES, law.kind.name, ["probability"], rows, note, relative_error=error)
    return law_section(law, "sizes", _SIZES)


def assemblies_section(law: AssemblyLaw, top: int) -> Section:
    """The most probable assemblies."""
    return law_section(law, "assemblies", _ASSEMBLIES, most_probable=top)


def summary_section(net: Network, start: Hashable | None) -> Section:
    """Scalars that are polynomial in N."""
    values = {"mean size": mean_size(net, start)}
    if net.increment is not None:
        values["avalanches per slow step"] = avalanche_probability(net, start)
    rows = [(Outcome(name, name, rf"\text{{{name}}}"), [value]) for name, value in values.items()]
    return Section("summary", "Summary", "", ["value"], rows)


def units_section(net: Network, start: Hashable | None) -> Section:
    """For each unit what the Green matrix says of it."""
    firings, increment = firings_per_input(net), net.increment
    rate = "firings per input" if increment is None else "firings per slow step"
    shares = participation_overall(net, start)
    rows = []
    for label, share, firing in zip(net.labels, shares, firings, strict=True):
        firing_rate = firing if increment is None else sympy.cancel(firing * increment)
        rows.append((unit_outcome(label), [share, mean_size(net, label), firing_rate]))
    begun = "all starts" if start is None else f"start {start}"
    return Section("units", f"Units ({begun})", "unit", ["takes part", "mean size if it starts", rate], rows)


def comparison_section(
    law: NumericLaw | None, observed: Mapping[int, int], p_value: float | None, significance: float
) -> Section:
    """Simulated sizes, beside the law they are tested against if there is one."""
    n_observed = sum(observed.values())
    sizes = sorted(set(observed) | set(law or ()))
    rows: list[tuple[Outcome, Sequence[sympy.Expr]]] = []
    for size in sizes:
        count = sympy.Integer(observed.get(size, 0))
        values = [count, count / n_observed] if law is None else [count, count / n_observed, law[size]]
        rows.append((Outcome(str(size), size, f"L = {size}"), values))
    quantities = ["observed", "share"] if law is None else ["observed", "share", "exact probability"]
    title = f"Sizes of {n_observed:,} simulated avalanches"
    note = "" if p_value is None else f"chi-square p-value {p_value:.4g}"
    disagrees = p_value is not None and p_value < significance
    return Section("simulation", title, "size", quantities, rows, note, disagrees=disagrees)


def participation_section(net: Network) -> Section:
    """P(row unit is in the assembly | column unit starts)."""
    matrix = participation(net)
    rows = [(unit_outcome(label), list(matrix.row(j))) for j, label in enumerate(net.labels)]
    shown = net.n_units <= _LARGEST_MATRIX and not net.symbols
    title = "Participation of the row's unit when the column's unit starts"
    return Section(
        "participation", title, "unit", [str(label) for label in net.labels], rows, in_terminal=shown
    )


def report_sections(
    net: Network, start: Hashable | None, top: int, max_cost: float, progress: Progress | None = None
) -> list[Section]:
    """Everything: sizes, assemblies, durations if they can be afforded, and all that is polynomial."""
    sections = [summary_section(net, start)]
    duration_cost = min(max_cost, _DURATION_COST)
    try:
        law = assembly_law(net, start, max_cost=max_cost, progress=progress)
        sections += [sizes_section(law.size_law()), assemblies_section(law, top)]
    except TooCostlyError as refusal:
        note = f"not computed: {refusal}"
        duration_cost = 0.0
        try:
            sizes = size_law(net, start, max_cost=max_cost, progress=progress)
            sections.append(sizes_section(sizes))
        except TooCostlyError as refusal_of_sizes:
            sections.append(Section("sizes", _SIZES, note=f"not computed: {refusal_of_sizes}"))
        sections.append(Section("assemblies", _ASSEMBLIES, note=note))
    try:
        durations = duration_law(net, start, max_cost=duration_cost)
        sections.append(law_section(durations, "durations", _DURATIONS))
    except TooCostlyError as refusal:
        sections.append(Section("durations", _DURATIONS, note=f"not computed: {refusal}"))
    return [*sections, units_section(net, start), participation_section(net)]
