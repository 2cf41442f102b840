r"""LaTeX that fits a page: aligned equations with long rows broken, matrices, standalone documents.

Widths are estimated in em of a 10pt font from the LaTeX itself; ``LINE`` em is what :func:`document` leaves
for one line. Rows are broken at terms of a sum, factors of a product, and inside very long integers, whose
digits go on in the next row.
"""

import re
from collections.abc import Hashable, Iterable, Sequence

import sympy

LINE = 40.0  # em; \textwidth of document() is 45.5 em
_CHUNK = 50  # digits of a very long integer in one row
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SILENT = {
    r"\left",
    r"\right",
    r"\displaystyle",
    r"\mathrm",
    r"\text",
    r"\operatorname",
    r"\big",
    r"\bigl",
    r"\bigr",
    r"\Big",
}
_SPACES = {r"\,": 0.17, r"\;": 0.28, r"\:": 0.22, r"\ ": 0.25, r"\quad": 1.0, r"\qquad": 2.0}
_ESCAPES = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


def escape(text: str) -> str:
    """``text`` with the characters that TeX gives a meaning made literal."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def label(name: Hashable) -> str:
    r"""A unit's label in math mode.

    >>> label("Medici"), label(3)
    ('\\text{Medici}', '3')
    """
    if isinstance(name, int):
        return str(name)
    if isinstance(name, sympy.Expr):
        return str(sympy.latex(name))
    return rf"\text{{{escape(str(name))}}}"


def labels(names: Iterable[Hashable]) -> str:
    """A set of units, comma by comma, breakable after each."""
    return r"\{" + ", ".join(map(label, names)) + r"\}"


def width(latex: str) -> float:
    r"""Estimated width in em.

    >>> width("12") < width(r"\frac{123}{4}") < width("12345")
    True
    """
    total, tokens, position = 0.0, _TOKEN.findall(latex), 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token in (r"\frac", r"\dfrac", r"\tfrac"):
            top, position = _group(tokens, position)
            bottom, position = _group(tokens, position)
            total += max(width(top), width(bottom)) + 0.3
        elif token in "^_":
            script, position = _group(tokens, position)
            total += 0.75 * width(script)
        else:
            total += _token_width(token)
    return total


def _token_width(token: str) -> float:
    if token in _SILENT or token in "{}&" or token.isspace():
        return 0.0
    if token in _SPACES:
        return _SPACES[token]
    if token.isdigit():
        return 0.5
    if token in "+-=<>" or token in (r"\mid", r"\cdot", r"\to", r"\approx", r"\in"):
        return 1.3
    if token in ".,;()[]|!" or token in (r"\{", r"\}"):
        return 0.45
    if token.startswith("\\"):
        return 0.65
    return 0.75 if token.isupper() or token in "mw" else 0.56


def _group(tokens: Sequence[str], position: int) -> tuple[str, int]:
    """The text of the group (or single token) at ``position``, and the position after it."""
    if position >= len(tokens):
        return "", position
    if tokens[position] != "{":
        return tokens[position], position + 1
    depth = 0
    for end in range(position, len(tokens)):
        depth += (tokens[end] == "{") - (tokens[end] == "}")
        if depth == 0:
            return "".join(tokens[position + 1 : end]), end + 1
    return "".join(tokens[position + 1 :]), len(tokens)


def pieces(expr: sympy.Expr, line: float = LINE) -> list[str]:
    """LaTeX of ``expr`` cut where a line may be broken; one piece if it fits a line as it is."""
    whole = sympy.latex(expr)
    if width(whole) <= line:
        return [whole]
    numerator, denominator = expr.as_numer_denom()
    if denominator != 1:
        return [*_enclosed(numerator, line), r"\Big/ ", *_enclosed(denominator, line)]
    if expr.is_Integer:
        digits = str(abs(int(expr)))
        chunks = [digits[i : i + _CHUNK] for i in range(0, len(digits), _CHUNK)]
        return ["-" * (expr < 0) + chunks[0], *chunks[1:]]
    if expr.is_Add:
        terms = expr.as_ordered_terms()
        result = pieces(terms[0], line)
        for term in terms[1:]:
            first, *others = pieces(term, line)
            result += [first if first.lstrip().startswith("-") else f"+ {first}", *others]
        return result
    if expr.is_Mul:
        coefficient, factors = expr.as_coeff_mul()
        result = [] if coefficient == 1 else ["-"] if coefficient == -1 else pieces(coefficient, line)
        for factor in factors:
            result += _enclosed(factor, line)
        return result
    if expr.is_Pow and expr.exp.is_Integer:
        *others, last = _enclosed(expr.base, line)
        return [*others, f"{last}^{{{sympy.latex(expr.exp)}}}"]
    return [whole]


def _enclosed(expr: sympy.Expr, line: float) -> list[str]:
    """Pieces of a factor, in parentheses where a sum needs them."""
    parts = pieces(expr, line)
    if not expr.is_Add:
        return parts
    parts[0] = rf"\bigl({parts[0]}"
    parts[-1] = rf"{parts[-1]}\bigr)"
    return parts


def broken(left: str, right: Sequence[str], line: float = LINE) -> list[str]:
    """Rows of an aligned equation ``left = right``: ``right`` packed into lines of at most ``line`` em."""
    rows, current, room = [], f"{left} &= ", line - width(left) - 1.3
    if room < line / 3 or (len(right) == 1 and width(right[0]) > room):
        # A long left side gets a row of its own.
        rows, current, room = [f"&{left}"], r"&\quad = ", line - 2.3
    started = False
    for piece in right:
        if started and width(piece) > room:
            rows.append(current)
            current, room = r"&\qquad ", line - 2.0
        current += piece + " "
        room -= width(piece)
        started = True
    return [row.rstrip() for row in [*rows, current]]


def aligned_equations(
    equations: Iterable[tuple[str, sympy.Expr]], *, dots: bool = False, line: float = LINE
) -> str:
    r"""An ``align*`` environment with one equation ``left = expression`` a row, long rows broken to fit a
    page.

    Args:
        equations: (LaTeX of the left side, expression).
        dots: end with a row of dots.

    >>> print(aligned_equations([("P(L = 1)", sympy.Rational(3, 8))]))
    \begin{align*}
    P(L = 1) &= \frac{3}{8}
    \end{align*}
    """
    rows: list[str] = []
    for left, expr in equations:
        rows += broken(left, pieces(expr, line), line)
    if dots:
        rows.append(r"&\;\;\vdots")
    return align(rows)


def align(rows: Iterable[str]) -> str:
    """Rows, each with its own ``&``, in an ``align*`` environment."""
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def matrix(entries: sympy.MatrixBase) -> str:
    """A matrix in parentheses; works for any number of columns, and shrinks to the line if it is estimated too wide."""
    if not entries.rows or not entries.cols:
        return "(\\,)"
    array = "\\left(" + "\\begin{array}{" + "c" * entries.cols + "}\n"
    array += " \\\\\n".join(
        " & ".join(sympy.latex(entries[i, j]) for j in range(entries.cols)) for i in range(entries.rows)
    )
    array += "\n\\end{array}\\right)"
    columns = [
        max(width(sympy.latex(entries[i, j])) for i in range(entries.rows)) for j in range(entries.cols)
    ]
    total = sum(columns) + entries.cols + 1.0
    if total > LINE * 0.8:
        return rf"\text{{\resizebox{{{0.75:.2f}\linewidth}}{{!}}{{$\displaystyle {array}$}}}}"
    return array


def document(*parts: object, title: str | None = None) -> str:
    """A standalone LaTeX document, compiled by plain pdflatex.

    Args:
        parts: texts of LaTeX, or objects with a ``latex()`` method such as laws, in this order.
        title: plain text above it all.

    >>> print(document("Hello.").splitlines()[0])
    \\documentclass[10pt,a4paper]{article}
    """
    bodies = []
    for part in parts:
        render = getattr(part, "latex", None)
        bodies.append(str(render()) if callable(render) else str(part))
    heading = [] if title is None else [rf"\section*{{{escape(title)}}}"]
    return "\n".join([_PREAMBLE, *heading, *"\n\n".join(bodies).splitlines(), r"\end{document}", ""])


_PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,graphicx}
\usepackage[textwidth=160mm,textheight=240mm]{geometry}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\begin{document}"""


def table(header: Sequence[str], rows: Iterable[Sequence[str]], alignment: str | None = None) -> str:
    """A ``tabular`` with a rule below the header; the cells are LaTeX already."""
    layout = alignment or "l" + "r" * (len(header) - 1)
    body = " \\\\\n".join(" & ".join(cells) for cells in rows)
    return (
        f"\\begin{{tabular}}{{{layout}}}\n"
        + " & ".join(header)
        + " \\\\\n\\hline\n"
        + body
        + "\n\\end{tabular}"
    )
