r"""LaTeX that fits a page: aligned equations with long rows broken, matrices, tables, standalone documents.

A row is at most ``LINE`` em, as estimated by :mod:`exactav.showing.typesetting`. It ends at a term of a sum,
a factor of a product, a member of a set, or inside a very long integer: ``\hookleftarrow`` at the end of it
says that a number or a matrix goes on in the next row. MathJax knows all that is used, so notebooks show it;
only :func:`document` and :func:`table` are for paper alone.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.arguments import a_text, text
from exactav.numbers.expressions import described
from exactav.running.files import replace
from exactav.showing.layout import PLAIN, Layout
from exactav.showing.typesetting import (
    LINE,
    cut,
    escape,
    expression,
    fragments,
    label,
    labels,
    matrix_blocks,
    name,
    packed,
    width,
)

__all__ = [
    "align",
    "aligned_equations",
    "booktabs",
    "document",
    "escape",
    "expression",
    "label",
    "labels",
    "matrix_rows",
    "name",
    "rows",
    "table",
]

_LEFT = 5.5  # em for the left sides of rows()

_MOST_TABULAR = 35  # rows of one tabular, which does not break over pages
DOTS = r"&\;\;\vdots"


def aligned_equations(
    equations: Iterable[tuple[str, sympy.Expr]], *, dots: bool = False, layout: Layout = PLAIN
) -> str:
    r"""An ``align*`` environment with one equation ``left = expression`` a row, long rows broken.

    A denominator longer than a row that several expressions share is written once, at the end, under a name.

    Args:
        equations: (LaTeX of the left side, expression).
        dots: end the given equations with a row of dots.
        layout: width of rows, environment, label, names of symbols.

    >>> print(aligned_equations([("P(L = 1)", sympy.Rational(3, 8))]))
    \begin{align*}
    P(L = 1) &= \frac{3}{8}
    \end{align*}
    """
    line = layout.line
    given = [(left, layout.renamed(expr)) for left, expr in equations]
    named, names = _with_shared_denominators([expr for _, expr in given], line)
    listed = [*zip([left for left, _ in given], named, strict=True), *_definitions(names)]
    lefts = [width(left) + 1.4 for left, _ in listed]
    rights = [width(expression(expr)) for _, expr in listed]
    column, own = max(lefts, default=0.0), line - 2.4
    # Equal signs stand below each other if all equations fit a row, or if left sides are short and no right
    # side is better kept whole in a row of its own.
    aligned = column + max(rights, default=0.0) <= line
    aligned |= column <= line / 3 and not any(line - column < right <= own for right in rights)
    result: list[str] = []
    for number, ((left, expr), before, right) in enumerate(zip(listed, lefts, rights, strict=True)):
        if dots and number == len(given):
            result.append(DOTS)
        if aligned:
            result += packed(fragments(expr, line - column - 1), f"{left} &=", line - column + 1)
        elif before + right <= line or (right > own and before <= line / 3):
            result += packed(fragments(expr, line - before), f"&{left} =", line)
        else:
            result += packed(cut(left, line), "&", line) + packed(fragments(expr, own), r"&\quad =", line)
    if dots and not names:
        result.append(DOTS)
    return layout.displayed(result)


def _with_shared_denominators(
    exprs: list[sympy.Expr], line: float
) -> tuple[list[sympy.Expr], dict[sympy.Expr, sympy.Symbol]]:
    """The expressions with each long common denominator replaced by a name, and the names."""
    found = []  # (number of the expression, numerator, content and rest of the denominator)
    for number, expr in enumerate(exprs):
        if width(expression(expr)) > line:
            above, below = sympy.fraction(expr, exact=True)
            content, rest = (1, below) if expr.is_Rational else below.as_coeff_Mul()
            if expr.is_Rational or width(expression(rest)) > line:
                found.append((number, above, content, rest))
    integers = [int(rest) for *_, rest in found if rest.is_Integer]
    common = sympy.Integer(math.lcm(*integers))
    if len(integers) > 1 and common < max(integers) ** 2:
        found = [(n, a * (common / d), c, common) if d.is_Integer else (n, a, c, d) for n, a, c, d in found]
    shared = [rest for rest, count in Counter(rest for *_, rest in found).items() if count > 1]
    numbers = [""] if len(shared) == 1 else [f"_{i + 1}" for i in range(len(shared))]
    letter = _free_letter("Z", exprs)
    names = {rest: sympy.Symbol(letter + number) for rest, number in zip(shared, numbers, strict=True)}
    result = list(exprs)
    for number, above, content, rest in found:
        if rest in names:
            result[number] = sympy.Mul(above, sympy.Rational(1, content), 1 / names[rest])
    return result, names


def _free_letter(letter: str, exprs: Iterable[sympy.Basic]) -> str:
    """``letter``, with primes if symbols in the expressions begin with it."""
    used = {symbol.name for expr in exprs for symbol in expr.free_symbols}
    while any(name.startswith(letter) for name in used):
        letter += "'"
    return letter


def _definitions(names: dict[sympy.Expr, sympy.Symbol]) -> list[tuple[str, sympy.Expr]]:
    """Equations that say what the names stand for."""
    where = [r"\text{where } ", *[""] * len(names)]
    return [
        (prefix + expression(name), expr) for prefix, (expr, name) in zip(where, names.items(), strict=False)
    ]


def align(lines: Iterable[str], layout: Layout = PLAIN) -> str:
    """Rows, each with its own ``&``, in an ``align*`` environment, or as the layout says."""
    return layout.displayed(lines)


def rows(left: str, *rights: str | sympy.Expr, line: float = LINE) -> list[str]:
    r"""Rows for :func:`align` of ``left = right = right ...``; rights are LaTeX or expressions.

    >>> rows("f", r"\det M", sympy.Symbol("alpha"))
    ['f &= \\det M = \\alpha']
    """
    result: list[str] = []
    for right in rights:
        parts = cut(right, line - _LEFT) if isinstance(right, str) else fragments(right, line - _LEFT - 1)
        if result and width(result[-1].partition("&")[2]) + 1.4 + sum(map(width, parts)) <= line - _LEFT:
            result[-1] += f" = {''.join(parts)}"
        else:
            result += packed(parts, "&=" if result else f"{left} &=", line - _LEFT)
    return result


def approximate_rows(equations: Iterable[tuple[str, str]], line: float = LINE) -> list[str]:
    r"""Rows for :func:`align` of left sides that decimals approximate.

    >>> approximate_rows([("P(L = 1)", "0.25")])
    ['P(L = 1) &\\approx 0.25']
    """
    pairs = list(equations)
    column = max((width(left) for left, _ in pairs), default=0.0) + 1.4
    if all(column + width(right) <= line for _, right in pairs):
        return [rf"{left} &\approx {right}" for left, right in pairs]
    rows: list[str] = []
    for left, right in pairs:
        if width(left) + 1.4 + width(right) <= line:
            rows.append(rf"&{left} \approx {right}")
        else:
            rows += [*packed(cut(left, line), "&", line), rf"&\quad \approx {right}"]
    return rows


def matrix_rows(
    equations: Iterable[tuple[str, sympy.MatrixBase, sympy.Expr | None]], line: float = LINE
) -> list[str]:
    r"""Rows for :func:`align` that write matrices out: ``head matrix = value``.

    In a matrix that does not fit, sums get names that the last rows explain; if that is not enough it is set
    in script size, then cut into blocks of columns in consecutive rows.

    Args:
        equations: (head, such as ``r"M &="``; matrix; value, or None if there is no more to say).

    >>> matrix_rows([("M &=", sympy.eye(2), None)])
    ['M &= \\begin{pmatrix}1 & 0 \\\\ 0 & 1\\end{pmatrix}']
    """
    listed = list(equations)
    letter, names = _free_letter("d", [entries for _, entries, _ in listed]), dict[sympy.Expr, sympy.Symbol]()

    def name(entry: sympy.Expr) -> sympy.Expr:
        if width(expression(entry)) <= (6 if entry.is_Add else line / 2):
            return entry
        return names.setdefault(entry, sympy.Symbol(f"{letter}_{len(names) + 1}"))

    result: list[str] = []
    for head, entries, value in listed:
        left, _, right = head.partition("&")
        room = line - width(right) - _LEFT * bool(left)
        blocks = matrix_blocks(entries, room)
        if "pmatrix" not in blocks[0][0]:
            blocks = matrix_blocks(entries.applyfunc(name), room)
        result += [f"{head} {blocks[0][0]}", *(rf"&\qquad {block}" for block, _ in blocks[1:])]
        if value is not None and blocks[-1][1] + 1.4 + width(expression(value)) <= room:
            result[-1] += f" = {expression(value)}"
        elif value is not None:
            result += rows("", value, line=line)
    return result + [row for left, expr in _definitions(names) for row in rows(left, expr, line=line)]


def document(*parts: object, title: str | None = None, path: str | PathLike[str] | None = None) -> str:
    """A standalone LaTeX document for plain pdflatex; no row sticks out of the text by more than 5pt.

    Args:
        parts: texts of LaTeX, laws (objects with a ``latex()`` method), SymPy matrices and expressions, in
            this order.
        title: plain text above it all.
        path: the document is also written to this file, in UTF-8.

    A letter that pdflatex has no glyph for, as in a Japanese label, is printed by its code: [U+6771].

    >>> print(document("Hello.").splitlines()[0])
    \\documentclass[10pt,a4paper]{article}
    """
    title = a_text(title, "title")
    heading = [] if title is None else [rf"\section*{{{escape(title)}}}"]
    bodies = [_body(part) for part in parts]
    if any(r"\hookleftarrow" in body for body in bodies):
        heading.append(r"A row that ends with $\hookleftarrow$ breaks off inside a number or a matrix.")
    content = unicodedata.normalize("NFC", "\n\n".join(heading + bodies))
    content = content.replace("\n\n\\begin{align*}", "\n\\begin{align*}")  # no empty line above a formula
    declared = [_declaration(character) for character in sorted(set(content)) if not character.isascii()]
    text = "\n".join([_PREAMBLE, *declared, r"\begin{document}", content, r"\end{document}", ""])
    if path is not None:
        replace(Path(path), text)
    return text


def _body(part: object) -> str:
    if isinstance(part, sympy.MatrixBase):
        return align(matrix_rows([("&", part, None)]))
    if isinstance(part, sympy.Expr):
        return align(packed(fragments(part)))
    if isinstance(part, str):
        return text(part, "a part")
    render = getattr(part, "latex", None)
    if isinstance(part, type) or not callable(render):
        raise ArgumentError(
            f"a part of a document is {described(part)}: give texts, laws, formulas, matrices or expressions"
        )
    return str(render())


def _declaration(character: str) -> str:
    """What pdflatex prints for a character unless it knows better: a Greek letter, or the code."""
    greek = re.fullmatch("GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)", unicodedata.name(character, ""))
    name = greek[2].replace("LAMDA", "LAMBDA") if greek else "no such letter"
    command = name.lower() if greek and greek[1] == "SMALL" else name.title()
    return rf"\fallback{{{character}}}{{{ord(character):04X}}}{{{command}}}"


_PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb}
\usepackage[textwidth=160mm,textheight=240mm]{geometry}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\emergencystretch}{3em}
\setlength{\parskip}{6pt}
\setlength{\jot}{5pt}
\newcommand{\fallback}[3]{\ifcsname u8:\detokenize{#1}\endcsname\else\DeclareUnicodeCharacter{#2}{%
  \ifcsname #3\endcsname\ensuremath{\csname #3\endcsname}\else\text{\texttt{[U+#2]}}\fi}\fi}"""


def decimal(number: Decimal | None) -> str:
    r"""A decimal in math mode, with a power of ten where it has an exponent; a question mark for None.

    >>> decimal(Decimal("1.5E-7"))
    '1.5 \\cdot 10^{-7}'
    """
    if number is None:
        return "?"
    mantissa, _, exponent = str(number).partition("E")
    return mantissa if not exponent else rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def booktabs(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    alignment: str | None = None,
    *,
    caption: str = "",
    label: str = "",
) -> str:
    """A table with the rules of the package booktabs; a float with a caption and a label, if one is given.

    Args:
        header, rows: cells in LaTeX.
        alignment: of the columns; the first to the left and all others to the right unless given.
        caption: LaTeX.

    >>> print(booktabs(["$L$", "$P$"], [["1", "$1/2$"]]))
    \\begin{tabular}{lr}
    \\toprule
    $L$ & $P$ \\\\
    \\midrule
    1 & $1/2$ \\\\
    \\bottomrule
    \\end{tabular}
    """
    layout = alignment or "l" + "r" * (len(header) - 1)
    lines = [" & ".join(line) for line in [header, *rows]]
    end = r" \\[6pt]" if any(r"\frac" in line for line in lines) else r" \\"
    lines = [line + end for line in lines]
    inside = [r"\toprule", lines[0], r"\midrule", *lines[1:], r"\bottomrule"]
    text = "\n".join([rf"\begin{{tabular}}{{{layout}}}", *inside, r"\end{tabular}"])
    if not caption and not label:
        return text
    marks = [rf"\caption{{{caption}}}"] * bool(caption) + [rf"\label{{{label}}}"] * bool(label)
    return "\n".join([r"\begin{table}", r"\centering", text, *marks, r"\end{table}"])


def table(header: Sequence[str], rows: Iterable[Sequence[str]], alignment: str | None = None) -> str:
    """A table with a rule below the header; in several parts, if it is too wide or too long for a page.

    Args:
        header, rows: cells in LaTeX; header and first column are repeated in each part. A cell wider than
            half a row becomes dots.
        alignment: of the columns; the first to the left and all others to the right unless given.
    """
    lines = [[cell if width(cell) <= LINE / 2 else r"$\cdots$" for cell in line] for line in [header, *rows]]
    layout = alignment or "l" + "r" * (len(header) - 1)
    widths = [max(map(width, column)) + 1.2 for column in zip(*lines, strict=True)]
    parts, used = [[0]], widths[0]
    for number in range(1, len(header)):
        if len(parts[-1]) > 1 and used + widths[number] > LINE:
            parts.append([0])
            used = widths[0]
        parts[-1].append(number)
        used += widths[number]
    end = r" \\[6pt]" if any(r"\frac" in cell for line in lines for cell in line) else r" \\"
    tables = []
    for columns in parts:
        first, *body = (" & ".join(line[column] for column in columns) + end for line in lines)
        head = [rf"\begin{{tabular}}{{{''.join(layout[column] for column in columns)}}}", first]
        for top in range(0, max(len(body), 1), _MOST_TABULAR):
            shown = body[top : top + _MOST_TABULAR]
            tables.append("\n".join([*head, r"\hline\noalign{\vskip 2pt}", *shown, r"\end{tabular}"]))
    return "\n\n".join(tables)
