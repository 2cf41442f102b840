"""LaTeX that drops into papers: rows that fit their columns, labels, names of symbols, tables."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import sympy
from sympy import sqrt

import exactav as ea
from exactav.errors import ArgumentError, OptionError
from exactav.showing.layout import COLUMNS, ENVIRONMENTS

a, b = sympy.symbols("alpha beta")
FLORENTINE = ea.from_networkx(nx.florentine_families_graph())
GENERIC = ea.families.generic(3)
CLASSES = {
    "revtex": r"\documentclass[aps,pre,twocolumn]{revtex4-2}",
    "amsart": r"\documentclass{amsart}",
    "article": r"\documentclass{article}",
}


def zoo(line: str) -> Iterator[tuple[str, str]]:
    """Snippets of every kind, with long fractions, long labels, symbols, roots and matrices."""
    karate = ea.from_networkx(nx.karate_club_graph())
    blocks = ea.families.populations([3, 4], [["1/9", "1/10"], ["1/11", "1/12"]])
    yield "a symbolic law", ea.size_law(ea.families.homogeneous(5, a)).latex(line=line)
    yield "long fractions", ea.size_law(FLORENTINE).latex(line=line)
    yield "longer fractions", ea.size_law(karate).latex(max_rows=5, line=line)
    yield "assemblies", ea.assembly_law(FLORENTINE, start="Medici").latex(max_rows=8, line=line)
    yield "many symbols", ea.assembly_law(GENERIC).latex(line=line)
    yield "patterns", ea.pattern_law(GENERIC, start=0).latex(max_rows=6, line=line)
    yield "floats", ea.size_law(FLORENTINE, arithmetic="float").latex(line=line)
    yield "floats of sets", ea.assembly_law(FLORENTINE, arithmetic="float").latex(max_rows=30, line=line)
    names = ["Medici", "Albizzi", "Pazzi", "Salviati"]
    yield "determinants", ea.assembly_latex(FLORENTINE, names, "Medici", line=line)
    yield "symbolic determinants", ea.assembly_latex(GENERIC, [0, 1], 0, line=line)
    yield "wide determinants", ea.assembly_latex(ea.families.k_ring(9, "4/5", 2), range(6), 0, line=line)
    yield "roots", ea.size_law(ea.families.ring(5, sqrt(2) / 2)).latex(line=line)
    yield "a condition", ea.assembly_law(FLORENTINE).containing(["Medici"]).latex(max_rows=6, line=line)
    yield "compositions", ea.composition_law(blocks).latex(max_rows=12, line=line)
    yield "a joint law", ea.size_duration_law(ea.families.k_ring(8, "4/5", 2)).latex(max_rows=9, line=line)
    yield "a large network", FLORENTINE.latex(line=line).partition("\n\n")[0]
    yield "a network", GENERIC.latex(line=line)
    renamed = ea.size_law(ea.families.ring(4, sympy.exp(-b)))
    yield "renamed", renamed.latex(line=line, symbol_names={"beta": r"\mu_{\mathrm{c}}"})
    yield "numbered", ea.size_law(ea.families.homogeneous(3, a)).latex(line=line, label="eq:P")
    yield (
        "rows numbered",
        ea.size_law(ea.families.ring(6, a)).latex(line=line, environment="align", label="eq:Q"),
    )
    yield "gathered", ea.size_law(ea.families.ring(8, a)).latex(line=line, environment="gather*", max_rows=5)
    yield "a table", ea.size_law(FLORENTINE).latex_table(8, caption="Sizes & more", label="tab:x")
    for formula in ea.formulas.catalogue().values():
        yield formula.id, formula.latex(line=line)


@pytest.mark.slow
@pytest.mark.parametrize("name", CLASSES)
def test_snippets_fit_a_column(name: str, tmp_path: Path) -> None:
    """Compiled by pdflatex; .ci/run installs it, with the class revtex4-2 (Debian: texlive-publishers)."""
    parts = [CLASSES[name], r"\usepackage[T1]{fontenc}", r"\usepackage{amsmath,amssymb,booktabs}"]
    parts += [r"\allowdisplaybreaks", r"\begin{document}"]
    count = 0
    for title, text in zoo(name):
        parts.append(f"\\typeout{{SNIPPET {title}}}\n{text}\n")
        count += 1
    assert count > 60
    (tmp_path / "zoo.tex").write_text("\n".join([*parts, r"\end{document}", ""]))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "zoo.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    complaints, current = [], ""
    for line in (tmp_path / "zoo.log").read_text(errors="replace").splitlines():
        current = line if line.startswith("SNIPPET") else current
        if line.startswith(("Overfull \\hbox", "LaTeX Warning: Label `")):
            complaints.append(f"{current}: {line}")
    assert not complaints


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environments_hold_the_same_equations(environment: str) -> None:
    law = ea.size_law(ea.families.homogeneous(3, a))
    text = law.latex(environment=environment)
    assert text.count(rf"\begin{{{environment}}}") == text.count(rf"\end{{{environment}}}") == 1
    plain = re.sub(r"\\(begin|end)\{[a-z*]+\}|&|\s", "", text)
    assert plain == re.sub(r"\\(begin|end)\{[a-z*]+\}|&|\s", "", law.latex())
    assert ("&" in text) is not environment.startswith("gather")


def test_labels_stand_at_numbered_equations() -> None:
    law = ea.size_law(ea.families.homogeneous(3, a))
    assert law.latex(label="eq:P").splitlines()[:2] == [r"\begin{equation}", r"\label{eq:P}"]
    rows = law.latex(label="eq:P", environment="align")
    assert re.findall(r"\\label\{(.*?)\}", rows) == ["eq:P", "eq:P:2", "eq:P:3"]
    narrow = ea.size_law(FLORENTINE, start="Medici").latex(
        label="x", environment="align", line=15, max_rows=3
    )
    assert narrow.count(r"\label{") == 3
    assert narrow.count(r"\nonumber") == len(narrow.splitlines()) - 2 - 3
    for formula in ("homogeneous.size", "populations.size"):
        assert r"\label{eq:f}" in ea.formulas.get(formula).latex(label="eq:f")
    assert r"\label{eq:d}" in ea.assembly_latex(GENERIC, [0, 1], 0, label="eq:d")


def test_symbols_are_called_as_they_are_to_be() -> None:
    names: Any = {"alpha": r"\lambda", sympy.Symbol("L"): "n"}
    law = ea.size_law(ea.families.homogeneous(3, a)).latex(symbol_names=names)
    assert r"\alpha" not in law
    assert r"{\lambda}" in law
    formula = ea.formulas.get("homogeneous.size").latex(symbol_names=names)
    assert formula.startswith("\\begin{align*}\nP(n) ")
    assert r"\alpha" not in formula
    again = ea.formulas.get("homogeneous.size").latex()
    assert r"\alpha" in again
    assert r"\mu" in ea.assembly_latex(ea.families.ring(3, a), [0, 1], 0, symbol_names={a: r"\mu"})


@pytest.mark.parametrize("line", [*COLUMNS, 14, 20.5])
def test_nothing_is_lost_where_rows_are_broken(line: Any) -> None:
    for law in (ea.size_law(FLORENTINE), ea.assembly_law(GENERIC), ea.size_law(ea.families.ring(9, a))):
        text = re.sub(r"\\hookleftarrow|\\[,;]|&|\\\\(\[6pt\])?|\\q?quad|\s", "", law.latex(line=line))
        for outcome in list(law)[:3]:
            if law[outcome].is_Rational:
                assert str(law[outcome].p) in text


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"line": "nature"}, OptionError, "revtex, article, amsart"),
    ({"line": 3}, OptionError, "at least 12 em"),
    ({"line": float("nan")}, OptionError, "at least 12 em"),
    ({"environment": "tabular"}, OptionError, "give one of align"),
    ({"label": "a}b"}, OptionError, "letters, digits"),
    ({"label": "a", "environment": "align*"}, OptionError, "has no number"),
    ({"symbol_names": "x"}, ArgumentError, "a mapping such as"),
    ({"symbol_names": {"alpha": 3}}, ArgumentError, "names and LaTeX"),
    ({"colour": 1}, OptionError, "no option"),
    ({"symbol_names": {"alpha": "{"}}, OptionError, "not LaTeX of a symbol"),
    ({"symbol_names": {"alpha": "50%"}}, OptionError, "not LaTeX of a symbol"),
]


@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_wrong_layouts_are_refused(options: dict[str, Any], error: type[Exception], message: str) -> None:
    law, formula = ea.size_law(ea.families.ring(3, a)), ea.formulas.get("homogeneous.size")
    things: list[Callable[..., Any]] = [law.latex, formula.latex, GENERIC.latex]
    for latex in things:
        with pytest.raises(error, match=message):
            latex(**options)


def test_tables_have_certain_digits_and_escaped_captions() -> None:
    table = ea.size_law(FLORENTINE).latex_table(10, caption="50% of x_1")
    assert r"\caption{50\% of x\_1}" in table
    assert "0.6592698236" not in table
    for size, probability in ea.size_law(FLORENTINE).items():
        assert str(ea.evaluate(probability, 10)).rstrip("0")[:9] in table or size > 8
    assert ea.size_law(ea.families.ring(3, a)).latex_table().count("&") == 4
    rounded = ea.size_law(FLORENTINE, arithmetic="float").latex_table(8, 2)
    assert rounded.count(r"\\") == 4
