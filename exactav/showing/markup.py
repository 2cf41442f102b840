"""Pieces of HTML, and texts in it."""

from html import escape
from typing import NewType

import sympy

from exactav.numbers.trees import text_of
from exactav.texts import as_text, spelled

Html = NewType("Html", str)
_NO_MATH = "tex2jax_ignore mathjax_ignore"  # for MathJax 2 and 3


def text(value: object, most: int = 60) -> Html:
    """A text, escaped, cut to ``most`` characters; dollars in it make no mathematics.

    >>> text("a < b"), text("x" * 100, 5)
    ('a &lt; b', 'xxxxx… (100 characters)')
    """
    if isinstance(value, sympy.Basic):
        value = text_of(value)
    said = " ".join((value if isinstance(value, str) else as_text(value)).split())
    cut = f"… ({len(said):,} characters)" if len(said) > most else ""
    found = escape(spelled(said[:most]) + cut)
    if "$" in found or "\\" in found:
        return Html(f'<span class="{_NO_MATH}">{found}</span>')
    return Html(found)
