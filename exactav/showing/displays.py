r"""Displayed equations that people wrote in LaTeX: broken into rows that fit, numbered, and inside prose."""

import re
from collections.abc import Callable

from exactav.showing.typesetting import LINE, width

_TOKEN = re.compile(r"\\begin\{[^}]*\}|\\end\{[^}]*\}|\\[A-Za-z]+|\\.|.", re.DOTALL)
_OPEN, _CLOSE = {"{", "(", "[", r"\{"}, {"}", ")", "]", r"\}"}
_RELATIONS = {"=", "<", ">", r"\le", r"\ge", r"\to", r"\leftrightarrow", r"\propto", r"\sim", r"\equiv"}
_SPACE = r"(?:\s|\\q?quad(?![A-Za-z]))+"
_DISPLAY = re.compile(r"\\\[(.*?)\\\]", re.DOTALL)


def displayed(equation: str, *, line: float = LINE, label: str = "") -> str:
    r"""An equation in a display, numbered if it has a label, in rows of at most ``line`` em where it breaks.

    >>> print(displayed("a = b", label="first"))
    \begin{equation}\label{first}
    a = b
    \end{equation}
    """
    rows = broken(equation, line)
    body = rows[0]
    if len(rows) > 1:
        listed = "\\\\\n".join([f"&{rows[0]}", *(rf"&\qquad {row}" for row in rows[1:])])
        body = f"\\begin{{aligned}}\n{listed}\n\\end{{aligned}}"
    if label:
        return f"\\begin{{equation}}\\label{{{label}}}\n{body}\n\\end{{equation}}"
    return f"\\[\n{body}\n\\]"


def fitted(prose: str, line: float = LINE) -> str:
    r"""Prose whose displays ``\[ ... \]`` are broken into rows that fit."""
    return _DISPLAY.sub(lambda found: displayed(found[1].strip(), line=line), prose)


def referring(prose: str, name: Callable[[str], str]) -> str:
    r"""Prose with each ``\eqref{label}`` replaced by ``name(label)``."""
    return re.sub(r"\\eqref\{([^}]*)\}", lambda found: name(found[1]), prose)


def referred(prose: str) -> list[str]:
    r"""The labels that prose refers to.

    >>> referred(r"by \eqref{a} and \eqref{b}")
    ['a', 'b']
    """
    return re.findall(r"\\eqref\{([^}]*)\}", prose)


def broken(equation: str, line: float = LINE) -> list[str]:
    r"""The rows of an equation: it breaks at \qquad, before relations, signs, factors, as far as it must.

    >>> broken(r"a = b,\qquad c = d", 3)
    ['a = b,', 'c = d']
    """
    rows = [equation.strip()]
    for may_break, sign in _BREAKS:
        found = []
        for row in rows:
            parts = _packed(may_break(row), line) if _wide(row) > line else [row]
            found += [parts[0], *(f"{sign}{part}" for part in parts[1:])]
        rows = found
    return rows


def _wide(latex: str) -> float:
    return width(re.sub(r"\\(?:Bigl?|Bigr|bigl|bigr|left|right)(?![A-Za-z])", "", latex))


def _packed(parts: list[str], line: float) -> list[str]:
    rows = [""]
    for part in parts:
        if rows[-1] and _wide(rows[-1] + part) > line:
            rows.append("")
        rows[-1] += part
    cleaned = (
        re.sub(r"^(?:\s|\\q?quad(?![A-Za-z]))+|(?:\s|\\q?quad(?![A-Za-z]))+$", "", row) for row in rows
    )
    return [row for row in cleaned if row]


def _split(latex: str, starts: Callable[[str, str], bool]) -> list[str]:
    """Cut outside of all brackets before each token that ``starts`` a part, given the one before it."""
    parts, depth, before = [""], 0, ""
    for token in _TOKEN.findall(latex):
        depth -= token in _CLOSE or token.startswith(r"\end{")
        if depth == 0 and parts[-1].strip() and starts(token, before):
            parts.append("")
        parts[-1] += token
        depth += token in _OPEN or token.startswith(r"\begin{")
        if not token.isspace():
            before = token
    return parts


def _at_space(latex: str) -> list[str]:
    return _split(latex, lambda token, _: token in (r"\qquad", r"\quad"))


def _before_relation(latex: str) -> list[str]:
    return _split(latex, lambda token, before: token in _RELATIONS and before != ":")


def _before_sign(latex: str) -> list[str]:
    return _split(latex, lambda token, before: token in ("+", "-") and before not in _NO_END)


def _before_factor(latex: str) -> list[str]:
    """Not between a sum and what is summed."""
    hidden = _SUM.sub(lambda found: "{" + found[0] + "}", latex)
    parts = _split(hidden, lambda token, before: token in _FACTORS and before not in _NO_END)
    return [re.sub(r"\{(\\(?:sum|prod)(?:[^{}]|\{[^{}]*\})*)\}", r"\1", part) for part in parts]


_SUM = re.compile(r"\\(?:sum|prod)(?:[_^](?:\{[^{}]*\}|\\?\w+))*\s*\\?\w+")

_FACTORS = {r"\frac", r"\binom", r"\Bigl", r"\bigl", r"\sum", r"\prod", r"\det"}
_NO_END = {*_RELATIONS, "^", "_", "+", "-", *_FACTORS}
_BREAKS = ((_at_space, ""), (_before_relation, ""), (_before_sign, ""), (_before_factor, r"\times "))
