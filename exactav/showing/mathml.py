"""LaTeX as MathML, for pages that stand alone (the extra ``html``)."""

import re

from exactav.errors import MissingExtraError
from exactav.showing.html import Html, text


def mathml(latex: str) -> Html:
    """Displayed mathematics as MathML, which browsers typeset without a network connection.

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
    try:
        return Html(str(convert(plain, display="block")))
    except Exception:  # what it cannot read is shown as it is
        return text(latex, 2_000)
