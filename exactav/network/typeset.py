"""A network in LaTeX: its numbers as matrices where these can be read, its entries as a table otherwise."""

from collections.abc import Sequence
from itertools import islice

import sympy

from exactav.network.held import Held
from exactav.showing import latex
from exactav.showing.layout import Layout

_MATRIX = 12  # units up to which W is a matrix
_ENTRIES = 200  # weights that are listed beyond that


def typeset(net: Held, layout: Layout) -> str:
    """LaTeX of the weights, thresholds, leak, drive and increment of a network, and of its labels."""
    rows: list[str] = []
    line = layout.line
    if net.n_units <= _MATRIX:
        rows += latex.matrix_rows([("W &=", layout.renamed(net.weights), None)], line)
    else:
        many = rf"{net.n_units} \times {net.n_units} \text{{ matrix with }} {len(net.entries)}"
        rows += latex.rows("W", rf"({many} \text{{ weights}})", line=line)
    vectors = [("U", net.thresholds), ("s", net.leak), ("p", net.drive)]
    for name, values in vectors:
        rows += _vector(name, values, net, layout)
    if net.increment is not None:
        rows += latex.rows(r"\Delta U", layout.renamed(net.increment), line=line)
    if net.labels != tuple(range(net.n_units)):
        names = latex.labels(net.labels)[2:-2]  # in order, so without the braces of a set
        rows += latex.rows(r"\text{units}", rf"({names})", line=line)
    text = latex.align(rows, layout)
    if net.n_units <= _MATRIX or not net.entries:
        return text
    listed = [
        [f"${latex.label(net.labels[j])}$", f"${latex.label(net.labels[i])}$", f"${latex.expression(w)}$"]
        for (i, j), w in islice(net.entries.items(), _ENTRIES)
    ]
    if len(listed) < len(net.entries):
        listed.append([r"$\vdots$", r"$\vdots$", ""])
    return "\n\n".join([text, latex.table(["sender", "receiver", "weight"], listed, "llr")])


def _vector(name: str, values: Sequence[sympy.Expr], net: Held, layout: Layout) -> list[str]:
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return latex.rows(rf"{name}_i", layout.renamed(distinct[0]), line=layout.line)
    if net.n_units > _MATRIX and len(distinct) > _MATRIX:
        said = rf"\text{{{len(distinct)} different values}}"
        return latex.rows(rf"{name}_i", said, line=layout.line)
    if net.n_units > _MATRIX:
        said = r",\ ".join(latex.expression(layout.renamed(value)) for value in distinct)
        return latex.rows(rf"{name}_i", rf"\in \{{{said}\}}".replace(r"\in ", ""), line=layout.line)
    row = layout.renamed(sympy.Matrix([list(values)]))
    return latex.matrix_rows([(f"{name} &=", row, None)], layout.line)
