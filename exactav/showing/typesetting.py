r"""How one piece of LaTeX is written, how wide it is, and where a row may end.

Widths are estimated in em of a 10pt font from the LaTeX itself. pdfLaTeX and MathJax both know whatever is
used here. :mod:`exactav.showing.latex` makes equations and documents of its fragments.
"""

import math
import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from exactav.numbers.whole import integer_text
from exactav.showing.symbols import SYMBOL_COMMANDS
from exactav.texts import as_text, spelled

LINE = 42.0  # em, the widest row; \textwidth of a document is 45.5 em
SMALL = 0.72  # width of script size, in text size
_MOST_ROWS = 60  # rows of a script-size matrix that fit a page
_GOES_ON = r"\;\hookleftarrow"
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SILENT = {r"\left", r"\right", r"\big", r"\bigl", r"\bigr", r"\mathrm", r"\operatorname"}
_SPACES = {r"\,": 0.17, r"\;": 0.28, r"\:": 0.22, r"\ ": 0.33, r"\quad": 1.0, r"\qquad": 2.0}
_RELATIONS = {*"+-=<>", r"\mid", r"\cdot", r"\to", r"\approx", r"\in", r"\times", r"\hookleftarrow"}
_OPERATORS = {r"\det", r"\max", r"\min", r"\cos", r"\sin", r"\log", r"\exp", r"\mod"}
_SPECIAL = r"([&%$#_{}~^\\])"
_LIGATURE = r"(?<=[-<>,'`!?])(?=[-<>,'`])"  # TeX would join the characters on both sides
_IN_TEXT = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
_IN_MATH = {"~": r"{\sim}", "^": r"\hat{\ }", "\\": r"\backslash "}  # MathJax knows none of the three above


def escape(text: str) -> str:
    r"""``text`` for text mode, with the characters that TeX gives a meaning made literal.

    >>> print(escape("50% a_b"))
    50\% a\_b
    """
    unjoined = re.sub(_LIGATURE, "\0", spelled(text))
    return re.sub(_SPECIAL, lambda m: _IN_TEXT.get(m[0], f"\\{m[0]}"), unjoined).replace("\0", "{}")


def label(name: Hashable) -> str:
    r"""A unit's label in math mode.

    >>> label("Medici"), label("a_b"), label(3)
    ('\\text{Medici}', '\\text{a}\\_\\text{b}', '3')
    """
    if isinstance(name, sympy.Expr):
        return expression(name)
    if type(name) is int and (written := as_text(name)).isascii() and written.lstrip("-").isdigit():
        return written
    result = ""
    for run in filter(None, re.split(f"{_LIGATURE}|{_SPECIAL}", spelled(as_text(name)))):
        if re.fullmatch(_SPECIAL, run):
            result += _IN_MATH.get(run, f"\\{run}")
        else:
            most = 40 if max(run) < "\u0180" else 8  # a row may end inside a very long label
            parts = re.findall(rf".{{1,{most}}}(?: |$)|.{{{most}}}", run)
            result += "".join(rf"\text{{{part}}}" for part in parts)
    return result or r"\text{}"


def labels(names: Iterable[Hashable]) -> str:
    """A set of units in braces; :func:`cut` breaks it after each comma."""
    written = [label(name) for name in names]
    if not written:
        return r"\varnothing"
    comma = r",\ " if any(r"\text" in name for name in written) else ", "
    return r"\{" + comma.join(written) + r"\}"


def name(text: str) -> str:
    r"""The name of a symbol in math mode: LaTeX where it is that of a symbol, literally where it is not.

    A name may come from a file. So only commands that say how a letter looks are taken as such.

    >>> name(r"\hat{\lambda}_1"), name(r"\input{x}")
    ('\\hat{\\lambda}_1', '\\backslash \\text{input}\\{\\text{x}\\}')
    """
    return text if _is_symbol(text) else label(text)


def _is_symbol(text: str) -> bool:
    depth = 0
    for token in _TOKEN.findall(text):
        depth += (token == "{") - (token == "}")
        if depth < 0 or not (token in SYMBOL_COMMANDS if token[0] == "\\" else token.isprintable()):
            return False
    return depth == 0 and not re.search(r"[\^_]\s*[\^_]|~|\\$", text)


class Named(sympy.Symbol):  # type: ignore[misc]
    """A symbol whose name is LaTeX that its author answers for."""

    @classmethod
    def class_key(cls) -> Any:
        return sympy.Symbol.class_key()

    def _latex(self, printer: Any) -> str:
        return str(self.name)


class _Printer(LatexPrinter):  # type: ignore[misc]
    """SymPy's LaTeX with sums in rising degree, so 1 - a - b starts with 1, and with all names printable."""

    def _as_ordered_terms(self, expr: sympy.Expr, order: Any = None) -> list[sympy.Expr]:
        return _terms(expr)

    def _deal_with_super_sub(self, string: str, style: str = "plain") -> str:
        if not _is_symbol(string):
            return label(string)
        written = re.sub(r"(?<!\\)([%#&$~])", r"\\\1", super()._deal_with_super_sub(string, style))
        return re.sub(r"[A-Za-z]*([^\x00-\x7FΑ-ω]+[A-Za-z]*)+", r"\\text{\g<0>}", written)

    def _print_Integer(self, expr: sympy.Integer) -> str:  # noqa: N802
        return integer_text(int(expr.p))

    def _print_Rational(self, expr: sympy.Rational) -> str:  # noqa: N802
        sign, above, below = "- " * (expr.p < 0), integer_text(abs(int(expr.p))), integer_text(int(expr.q))
        if self._settings["fold_short_frac"]:
            return f"{sign}{above} / {below}"
        return rf"{sign}\frac{{{above}}}{{{below}}}"


def expression(expr: sympy.Basic, **settings: Any) -> str:
    """LaTeX of an expression on one line."""
    return str(_Printer(settings).doprint(expr))


def _terms(expr: sympy.Expr) -> list[sympy.Expr]:
    """Terms in rising degree, beginning with a positive one where the lowest degree has one."""

    def degree(term: sympy.Expr) -> int:
        powers = term.as_powers_dict().items()
        return sum(int(power) if power.is_Integer else 1 for base, power in powers if base.free_symbols)

    terms = sorted(expr.as_ordered_terms(), key=degree)
    positive = (i for i, term in enumerate(terms) if not term.could_extract_minus_sign())
    first = next(positive, 0)
    if degree(terms[first]) == degree(terms[0]):
        terms.insert(0, terms.pop(first))
    return terms


def width(latex: str) -> float:
    r"""Estimated width in em.

    >>> width("12") < width(r"\frac{123}{4}") < width("12345")
    True
    """
    total, tokens, position = 0.0, _TOKEN.findall(latex), 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token in (r"\frac", r"\binom"):
            top, position = _group(tokens, position)
            bottom, position = _group(tokens, position)
            total += max(width(top), width(bottom)) + 0.3
        elif token == r"\text":
            content, position = _group(tokens, position)
            total += sum(map(_text_width, content))
        elif token in "^_":
            script, position = _group(tokens, position)
            total += SMALL * width(script)
        else:
            total += _token_width(token)
    return total - 0.5 if latex.startswith("-") else total  # a sign, without the space around an operation


def _text_width(character: str) -> float:
    if not character.isascii():
        return _foreign_width(character)
    return (
        0.95 if character in "mwMW" else 0.75 if character.isupper() else 0.33 if character == " " else 0.54
    )


def _foreign_width(character: str) -> float:
    if character < "\u0180" or "Α" <= character <= "ω":
        return 0.75
    return 4.8  # document() may have to print its code


def _token_width(token: str) -> float:
    if not token.isascii():
        return _foreign_width(token)
    if token in _SILENT or token in "{}&$" or token.isspace():
        return 0.0
    if token in _SPACES:
        return _SPACES[token]
    if token in _RELATIONS:
        return 1.34
    if token.isdigit():
        return 0.5
    if token in ".,;()[]|!/" or token in (r"\{", r"\}"):
        return 0.5
    if token.startswith("\\"):
        return 1.9 if token in _OPERATORS else 0.75
    return 0.8 if token.isupper() or token in "mw" else 0.58


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


def fragments(expr: sympy.Expr, line: float = LINE) -> list[str]:
    r"""LaTeX of ``expr`` cut where a row may end; one piece if it fits a row as it is.

    A piece that ends with ``\,`` is part of an integer that goes on in the next piece; one that begins with a
    newline has to begin a row.
    """
    whole = expression(expr)
    if width(whole) <= line:
        return [whole]
    numerator, denominator = sympy.fraction(expr, exact=True)
    if denominator != 1:
        first, *others = _enclosed(denominator, line, products=True)
        start = "\n" if others else ""
        return [*_enclosed(numerator, line), rf"{start}\big/ {first}", *others]
    if expr.is_Integer:
        sign, digits = whole[: whole[0] == "-"], whole.lstrip("- ")
        tens = re.findall(r"\d{1,10}(?=(?:\d{10})*$)", digits)
        return [sign + rf"{tens[0]}\,", *(rf"{ten}\," for ten in tens[1:-1]), tens[-1]]
    if expr.is_Add:
        result: list[str] = []
        for first, *others in (fragments(term, line) for term in _terms(expr)):
            result += [first if first.startswith("-") or not result else f"+ {first}", *others]
        return result
    if expr.is_Mul:
        coefficient, (factor, *factors) = expr.as_coeff_mul()
        result = _enclosed(factor, line)
        for factor in factors:
            first, *others = _enclosed(factor, line)
            result += [rf"\cdot {first}", *others]
        if coefficient == -1:
            return [f"- {result[0]}", *result[1:]]
        times = r"\cdot " if result[0][0].isdigit() else ""
        return result if coefficient == 1 else [*fragments(coefficient, line), times + result[0], *result[1:]]
    if expr.is_Pow and not isinstance(expr, sympy.exp) and (expr.exp.is_Integer or expr.exp.free_symbols):
        *others, last = _enclosed(expr.base, line)
        return [*others, f"{last}^{{{expression(expr.exp)}}}"]
    if isinstance(expr, sympy.Sum):
        signs = [
            rf"\sum_{{{expression(index)}={expression(low)}}}^{{{expression(high)}}}"
            for index, low, high in reversed(expr.limits)
        ]
        return [*signs, *_enclosed(expr.function, line)]
    return [whole]


def _enclosed(expr: sympy.Expr, line: float, *, products: bool = False) -> list[str]:
    """Pieces of a factor, in brackets where a sum (or a product, below a slash) needs them."""
    parts = fragments(expr, line)
    if expr.is_Add or (products and expr.is_Mul):
        left, right = "()" if expr.is_Add else "[]"
        parts[0] = rf"\bigl{left}{parts[0]}"
        parts[-1] = rf"{parts[-1]}\bigr{right}"
    return parts


def cut(latex: str, line: float = LINE) -> list[str]:
    r"""LaTeX such as ``P(A = \{...\} \mid k = 0)``, cut where a row may end; joined it is ``latex`` again.

    >>> cut(r"\{0\} \to \{1, 2\}")
    ['\\{0\\} ', '\\to \\{1, ', '2\\}']
    """
    parts, depth, after_comma = [""], 0, False
    for token in _TOKEN.findall(latex):
        depth += (token == "{") - (token == "}")
        space = token in (" ", r"\ ")
        if (after_comma and not space) or (depth == 0 and token in (r"\to", r"\mid")):
            parts.append("")
        parts[-1] += token
        after_comma = (depth == 0 and token == ",") or (after_comma and space)
    fine = ([part] if width(part) <= line - 3 else re.split(r"(?=\\text\{)", part) for part in parts)
    return [part for group in fine for part in group if part]


def packed(parts: Sequence[str], first: str = "&", line: float = LINE) -> list[str]:
    r"""Rows of ``parts``, as many in a row as fit ``line`` em; all rows but the ``first`` are indented."""
    rows, current, used = [], first, width(first.partition("&")[2])
    for number, part in enumerate(parts):
        if number and (part[0] == "\n" or used + width(part) > line):
            rows.append(current)
            current, used = r"&\qquad", 2.0
        current += part.lstrip() if current == "&" else f" {part.lstrip()}"
        used += width(part)
    rows.append(current)
    trimmed = (re.sub(r"(\\?\s)+$", "", row) for row in rows)
    return [row.removesuffix(r"\,") + _GOES_ON if row.endswith(r"\,") else row for row in trimmed]


def matrix_blocks(entries: sympy.MatrixBase, room: float) -> list[tuple[str, float]]:
    """A matrix in blocks of columns, each at most ``room`` em wide: (LaTeX, width) of each block."""
    n_rows, n_columns = entries.shape
    if not n_rows or not n_columns:
        return [(r"(\;)", 1.2)]
    if n_rows > _MOST_ROWS:
        text = rf"({n_rows} \times {n_columns} \text{{ matrix, too large to write out}})"
        return [(text, width(text))]
    cells = [[expression(entry) for entry in row] for row in entries.tolist()]
    total = sum(max(map(width, column)) for column in zip(*cells, strict=True)) + n_columns
    if total <= room and n_columns <= 10:  # more columns are too many for pmatrix
        return [(_environment("pmatrix", cells), total)]
    cells = [[expression(entry, fold_short_frac=True) for entry in row] for row in entries.tolist()]
    widths = [max(map(_script_width, column)) for column in zip(*cells, strict=True)]
    gap = 0.35
    if max(widths) > 3:  # wide entries need wider gaps
        gap = 0.7
        cells = [[first, *(rf"\; {other}" for other in others)] for first, *others in cells]
    for n_blocks in range(1, n_columns + 1):
        size = math.ceil(n_columns / n_blocks)
        blocks = [range(n_columns)[begin : begin + size] for begin in range(0, n_columns, size)]
        used = [sum(widths[column] + gap for column in block) + 1 for block in blocks]
        if max(used) <= room - 2 * (n_blocks > 1):
            break
    arrays = [_environment("smallmatrix", [[row[j] for j in block] for row in cells]) for block in blocks]
    lefts, rights = ["(", *"." * (len(blocks) - 1)], [*[r".\;\hookleftarrow"] * (len(blocks) - 1), ")"]
    texts = (rf"\left{a}{array}\right{b}" for a, array, b in zip(lefts, arrays, rights, strict=True))
    return list(zip(texts, used, strict=True))


def _script_width(cell: str) -> float:
    return SMALL * (width(cell) - 0.5 * len(re.findall("(?<!^)[-+]", cell)))


def _environment(name: str, cells: Sequence[Sequence[str]]) -> str:
    spaced = r" \\[6pt] " if any(r"\frac" in cell for row in cells for cell in row) else r" \\ "
    if name == "smallmatrix":  # rows of equal height
        cells = [[rf"\vphantom{{(}}{first}", *others] for first, *others in cells]
    return rf"\begin{{{name}}}{spaced.join(map(' & '.join, cells))}\end{{{name}}}"
