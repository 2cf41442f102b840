"""LaTeX as MathML, for pages that stand alone (the extra ``html``)."""

import re

from exactav.errors import MissingExtraError
from exactav.showing.html import Html, text


def mathml(latex: str, display: str = "block") -> Html:
    """Mathematics as MathML, which browsers typeset without a network connection.

    Args:
        display: "block", or "inline".

    Raises:
        MissingExtraError: latex2mathml is not installed.

    >>> mathml(r"\\alpha")[:48]
    '<math xmlns="http://www.w3.org/1998/Math/MathML"'
    """
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise MissingExtraError("pages need latex2mathml: pip install 'exactav[html]'") from None
    # spaces at the ends of rows, and the size of delimiters, say nothing in MathML
    plain = re.sub(r"\\\\\[\d+pt\]", r"\\\\", latex).replace(r"\displaystyle ", "")
    plain = re.sub(r"\\(big|bigl|bigr)(?![a-z])", "", plain)
    plain = plain.replace(r"\setminus", r"\backslash")  # which every font has
    try:
        found = str(convert(plain, display=display))
    except Exception:  # what it cannot read is shown as it is
        return text(latex, 2_000)
    return text(latex, 2_000) if re.search(r"<m[io]>\\[A-Za-z]", found) else Html(found)
