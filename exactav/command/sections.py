"""What the command line shows: sections of exact values by outcome (row) and quantity (column)."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import sympy

from exactav.errors import TooCostlyError
from exactav.laws.kind import Units
from exactav.laws.law import FloatLaw, Law
from exactav.laws.numeric import NumericLaw
from exactav.laws.size import size_law
from exactav.laws.starts import Starts
from exactav.network.network import Network
from exactav.numbers.domains import quotient
from exactav.numbers.expressions import shown
from exactav.running.tasks import Progress
from exactav.texts import MOST_OF_LABEL, label_data, label_text, quoted

if TYPE_CHECKING:
    from exactav.laws.assembly import AssemblyLaw

_SIZES = "Avalanche sizes, given an avalanche"
_ASSEMBLIES = "Assemblies, given an avalanche"
_DURATIONS = "Avalanche durations, given an avalanche"
_DURATION_COST = 20.0  # seconds; a report does not spend more on durations
_LARGEST_MATRIX = 12  # units of a participation matrix shown in the terminal


class Outcome(NamedTuple):
    """The name of a row or column: as plain text, as JSON data, as LaTeX."""

    text: str
    data: Any
    latex: str


@dataclass(frozen=True)
class Section:
    """Exact values by outcome and quantity; ``note`` says what is missing and why.

    Where the columns are outcomes, too, ``columns`` holds their names and ``column_name`` says what they are.
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
    column_name: str = ""
    columns: Sequence[Outcome] = ()


def network_facts(net: Network) -> dict[str, str]:
    """What a reader should know of the network before the numbers."""
    n_weights = len(net.entries)
    facts = {"units": str(net.n_units), "weights": f"{n_weights} nonzero"}
    if net.symbols:
        facts["symbols"] = ", ".join(map(str, net.symbols))
    elif net.n_units <= 1000:
        leaks = set(net.leak)
        facts["leak"] = " to ".join(map(shown, dict.fromkeys([min(leaks), max(leaks)])))
    facts["increment"] = "weak drive (none given)" if net.increment is None else shown(net.increment)
    return facts


def unit_texts(net: Network) -> dict[Hashable, str]:
    """How a text calls each unit: by its label; where two read the same as Python writes it, or by place."""
    texts = {label: label_text(label) for label in net.labels}
    for other in (_as_python, lambda label: f"unit {net.index(label) + 1}"):
        readings = Counter(texts.values())
        texts = {label: text if readings[text] == 1 else other(label) for label, text in texts.items()}
    return texts


def _as_python(label: Hashable) -> str:
    return quoted(label, MOST_OF_LABEL)


def unit_outcomes(net: Network) -> list[Outcome]:
    """Each unit as a row."""
    from exactav.showing import latex

    texts = unit_texts(net)
    return [Outcome(texts[label], label_data(label), latex.label(label)) for label in net.labels]


def law_section(law: Law[Any], name: str, title: str, *, most_probable: int | None = None) -> Section:
    """A law as a section, of all outcomes or of the ``most_probable`` ones, where they can be sorted."""
    chosen, is_rounded = list(law.weights), isinstance(law, FloatLaw)
    note = ""
    if most_probable is not None and most_probable < len(chosen):
        note = f"{most_probable} of {len(chosen):,} that are possible"
        if law.is_rational or is_rounded:
            note = f"the {most_probable} most probable of {len(chosen):,}"
    if most_probable is not None:
        if law.is_rational or is_rounded:
            chosen = [outcome for outcome, _ in law.most_probable(most_probable)]
        chosen = chosen[:most_probable]
    texts = unit_texts(law.network)
    rows = [
        (
            Outcome(
                _outcome_text(law, outcome, texts),
                law.kind.data(outcome),
                f"P({law.kind.event(outcome)})",
            ),
            [sympy.Rational(law[outcome]) if is_rounded else law[outcome]],
        )
        for outcome in chosen
    ]
    if is_rounded:
        note += f"{'; ' if note else ''}floating point, relative errors below {law.error_bound:.1e}"
    error, kind = Fraction(law.error_bound), law.kind.name.replace("_", ", ")
    return Section(name, title, kind, ["probability"], rows, note, relative_error=error)


def _outcome_text(law: Law[Any], outcome: Any, texts: Mapping[Hashable, str]) -> str:
    """An outcome as text, in which a label with a comma or brace is in quotes."""
    if not isinstance(law.kind, Units):
        return law.kind.text(outcome)
    units = [label for label in law.network.labels if label in outcome]
    names = [_as_python(label) if set(",{}") & set(texts[label]) else texts[label] for label in units]
    return f"{{{', '.join(names)}}}"


def sizes_section(law: NumericLaw) -> Section:
    """The law of sizes."""
    return law_section(law, "sizes", _SIZES)


def assemblies_section(law: "AssemblyLaw", top: int, observed: Sequence[Hashable] | None = None) -> Section:
    """The most probable assemblies, or which of the observed units fire."""
    title = _ASSEMBLIES
    if observed is not None:
        from exactav.laws.assembly import AssemblyLaw

        seen = frozenset(observed)
        law = law.pushed(AssemblyLaw, seen.intersection)
        title = "Observed units that fire, given an avalanche"
    return law_section(law, "assemblies", title, most_probable=top)


def durations_section(law: NumericLaw) -> Section:
    """The law of durations."""
    return law_section(law, "durations", _DURATIONS)


def starts_section(net: Network) -> Section:
    """Each unit as a start: its share of all avalanches, what it sets off, and how often."""
    from exactav.laws.avalanche import avalanche_probability
    from exactav.laws.marginals import mean_size

    numerators, _ = net.system.green
    weights = Starts.of(net, None).weights
    ring = net.system.ring
    total = sum((q * numerators[k][k] for k, q in weights.items()), ring.zero)
    rows = []
    for place, (label, outcome) in enumerate(zip(net.labels, unit_outcomes(net), strict=True)):
        fed = weights.get(place)
        share = sympy.Integer(0) if fed is None else quotient(ring, fed * numerators[place][place], total)
        values = [net.drive[place], share, mean_size(net, label)]
        if net.increment is not None and fed is not None:
            values.append(avalanche_probability(net, label))
        elif net.increment is not None:
            values.append(sympy.Integer(0))
        rows.append((outcome, values))
    quantities = ["drive", "share of avalanches", "mean size"]
    quantities += ["avalanche when fed"] * (net.increment is not None)
    return Section("starts", "Starts of avalanches", "unit", quantities, rows)


def summary_section(net: Network, start: Hashable | None) -> Section:
    """Scalars that are polynomial in N."""
    from exactav.laws.avalanche import avalanche_probability
    from exactav.laws.marginals import mean_size

    values = {"mean size": mean_size(net, start)}
    if net.increment is not None:
        values["avalanches per slow step"] = avalanche_probability(net, start)
    rows = [(Outcome(name, name, rf"\text{{{name}}}"), [value]) for name, value in values.items()]
    return Section("summary", "Summary", "", ["value"], rows)


def units_section(net: Network, start: Hashable | None) -> Section:
    """For each unit what the Green matrix says of it."""
    from exactav.laws.marginals import firings_per_input, mean_size, participation_overall

    firings, increment = firings_per_input(net), net.increment
    rate = "firings per input" if increment is None else "firings per slow step"
    shares = participation_overall(net, start)
    rows = []
    for label, outcome, share, firing in zip(net.labels, unit_outcomes(net), shares, firings, strict=True):
        firing_rate = firing if increment is None else sympy.cancel(firing * increment)
        rows.append((outcome, [share, mean_size(net, label), firing_rate]))
    begun = "all starts" if start is None else f"start {label_text(start)}"
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
    from exactav.laws.marginals import participation

    matrix, outcomes = participation(net), unit_outcomes(net)
    return Section(
        "participation",
        "Participation of the row's unit when the column's unit starts",
        "unit",
        [outcome.text for outcome in outcomes],
        [(outcome, list(matrix.row(j))) for j, outcome in enumerate(outcomes)],
        in_terminal=net.n_units <= _LARGEST_MATRIX and not net.symbols,
        column_name="start",
        columns=outcomes,
    )


def report_sections(
    net: Network,
    start: Hashable | None,
    top: int,
    max_cost: float,
    progress: Progress | None = None,
    method: str = "auto",
) -> list[Section]:
    """Everything: sizes, assemblies, durations if they can be afforded, and all that is polynomial."""
    from exactav.laws.assembly import assembly_law
    from exactav.laws.duration import duration_law

    sections = [summary_section(net, start)]
    duration_cost = min(max_cost, _DURATION_COST)
    try:
        law = assembly_law(net, start, method=method, max_cost=max_cost, progress=progress)
        sections += [sizes_section(law.size_law()), assemblies_section(law, top)]
    except TooCostlyError as refusal:
        note = f"not computed: {refusal}"
        duration_cost = 0.0
        try:
            sizes = size_law(net, start, method=method, max_cost=max_cost, progress=progress)
            sections.append(sizes_section(sizes))
        except TooCostlyError as refusal_of_sizes:
            sections.append(Section("sizes", _SIZES, note=f"not computed: {refusal_of_sizes}"))
        sections.append(Section("assemblies", _ASSEMBLIES, note=note))
    try:
        durations = duration_law(net, start, max_cost=duration_cost)
        sections.append(durations_section(durations))
    except TooCostlyError as refusal:
        sections.append(Section("durations", _DURATIONS, note=f"not computed: {refusal}"))
    return [*sections, units_section(net, start), participation_section(net)]
