"""Commands about formulas and derivations, and the layout of JSON."""

import inspect
import json
import time
from collections import Counter
from pathlib import Path

import click
import sympy

from exactav.command import options
from exactav.command.group import cli, working
from exactav.command.rendering import JSON_FORMAT, Report, plain_table, plain_text, say, show
from exactav.errors import CheckFailedError, RefutedError, UndecidedError
from exactav.formulas import Formula, catalogue
from exactav.formulas import get as get_formula
from exactav.numbers.trees import text_of
from exactav.papers import check_paper
from exactav.proofs import derivation
from exactav.proofs.checks import REACHES
from exactav.proofs.derivation import Derivation
from exactav.running.files import check_output, replace
from exactav.showing import latex
from exactav.texts import printable_lines


@cli.command()
def layout() -> None:
    """The layout of what --format json writes, which grows by version numbers only."""
    say(inspect.getdoc(Report.json))


@cli.command()
@click.argument("formula_id", metavar="[ID]", required=False)
@options.set_values
@click.option("--digits", type=click.IntRange(1, 10_000), default=15, show_default=True)
@click.option("--latex", "as_latex", is_flag=True, help="The formula as LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="The formula, and its value, as JSON.")
def formula(
    formula_id: str | None, values: dict[str, sympy.Expr], digits: int, as_latex: bool, as_json: bool
) -> None:
    """A closed form by its ID, such as homogeneous.size: what it says, and its value at --set values.

    Without an ID, the catalogue of all formulas: *proved* ones hold for all values of their symbols by a
    derivation, the others are tested for some values.
    """
    if formula_id is None:
        if values or as_latex or as_json:
            raise click.UsageError("--set, --latex and --json belong to one formula: give its ID")
        for entry in catalogue().values():
            say(f"{entry.id:<36} {'proved' if entry.is_proved else 'tested':<8} {entry.name}")
        return
    if as_latex and (as_json or values):
        raise click.UsageError("--latex writes the formula alone: leave out --json and --set")
    chosen = get_formula(formula_id)
    value = chosen.evaluate(values, digits) if values else None
    if as_latex:
        say(chosen.latex())
    elif as_json:
        say(
            json.dumps(
                {"format": JSON_FORMAT, **chosen.facts(), "value": None if value is None else text_of(value)},
                indent=2,
            )
        )
    else:
        say(text_of(value) if value is not None else chosen.text())


@cli.command()
@click.argument("derivation_id", metavar="[ID]", required=False)
@click.option("--latex", "latex_file", type=click.Path(path_type=Path), help="Write it as a LaTeX document.")
def derive(derivation_id: str | None, latex_file: Path | None) -> int:
    """A derivation by its ID, such as 04: its steps, each checked before your eyes.

    Without an ID, the list of all derivations.
    """
    known = derivation.available()
    if derivation_id is None:
        if latex_file is not None:
            raise click.UsageError("--latex writes one derivation: give its ID")
        for name in known:
            say(f"{name}  {derivation.load(name).title}")
        return 0
    if latex_file is None:
        return derivation.load(derivation_id).main()
    check_output(latex_file, *known.values())
    replace(latex_file, latex.document(derivation.load(derivation_id)))
    return 0


@cli.command()
@click.argument("paper", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="PAPER.tex")
@click.option(
    "--seconds",
    type=click.FloatRange(0, 86_400, min_open=True),
    default=10.0,
    show_default=True,
    help="For each equation, after which it is undecided.",
)
@click.option("--json", "as_json", is_flag=True, help="The verdicts as JSON.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Write to this file; JSON if it ends so."
)
def check(paper: Path, seconds: float, as_json: bool, output: Path | None) -> int:
    """Check the displayed equations of a LaTeX file; exit status 1 if one is refuted.

    An equation holds, is refuted at a point that is shown, is undecided, is not understood (only what the
    grammar knows is read, and nothing is guessed), or defines a symbol. Comments in the file say what is
    assumed, which names stand for formulas of the catalogue, and what to skip:

    \b
    % exactav: N integer, 0 < alpha < 1
    % exactav: P(L) = homogeneous.size
    % exactav: q = 1 - alpha
    % exactav: ignore
    """
    if output is not None:
        check_output(output, paper)
        as_json = as_json or output.suffix.lower() == ".json"
    found = check_paper(paper, seconds=seconds)
    if as_json:
        text = found.to_json()
    else:
        rows = [(f"{row.line}:{row.column}", row.outcome, row.equation, row.detail) for row in found.rows]
        table = plain_text(plain_table(("where", "verdict", "equation", "why"), rows))
        text = printable_lines("\n".join([table + found.summary(), *found.compared_with(), ""]))
    if output is None:
        say(text)
    else:
        replace(output, text)
    return int(found.is_refuted)


@cli.command()
def verify() -> int:
    """Run every derivation and every formula's checks; exit status 1 if one does not hold.

    The table counts what is proved for all values of the symbols, what is proved for stated sizes (such as
    all networks of four units), and what is tested on finitely many cases.
    """
    tasks = {f"derivation {known}": derivation.load(known) for known in derivation.available()}
    everything: dict[str, Derivation | Formula] = {**tasks, **catalogue()}
    rows, failures, total = [], 0, Counter[str]()
    with working() as progress:
        for number, (name, thing) in enumerate(everything.items(), start=1):
            begun, found = time.perf_counter(), Counter[str]()
            try:
                found.update(done.reach for done in thing.verified())
                result = "holds"
            except (CheckFailedError, RefutedError, UndecidedError) as error:
                failures += 1
                result = derivation.failure(error)
            total += found if isinstance(thing, Derivation) else Counter()
            rows.append((name, *_counts(found), f"{time.perf_counter() - begun:.1f}", result))
            progress(number / len(everything))
    rows.append(("steps of derivations", *_counts(total), "", ""))
    proved = sum(entry.is_proved for entry in catalogue().values())
    show(plain_table(("what", *REACHES, "seconds", "result"), rows))
    say(f"{proved} of {len(catalogue())} formulas are proved for all values of their symbols")
    return int(failures > 0)


def _counts(found: Counter[str]) -> list[str]:
    return [str(found[reach]) for reach in REACHES]
