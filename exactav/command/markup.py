"""HTML, SVG and MathML that pages are made of; every text is escaped, nothing is loaded from elsewhere."""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from xml.etree import ElementTree

from exactav.errors import MissingExtraError

# latex2mathml leaves these for a reader of HTML; as the text of an element they would be escaped once more.
_ENTITY = re.compile(r"&#x([0-9A-F]{5,6});")
_ROW_SPACE = re.compile(r"\\\\\s*\[[^]]*pt\]")  # the space below a row of a matrix, which it takes for text


def escaped(text: object) -> str:
    r"""A text as it may stand in an element or in a quoted attribute, control characters as ``\x1b``.

    >>> escaped('<b>"a" & b\x1b')
    '&lt;b&gt;&quot;a&quot; &amp; b\\x1b'
    """
    literal = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
    return html.escape(literal)


def converter() -> Callable[..., ElementTree.Element]:
    """What makes an element of MathML of LaTeX.

    Raises:
        MissingExtraError: latex2mathml is not installed.
    """
    try:
        from latex2mathml.converter import convert_to_element
    except ImportError:
        raise MissingExtraError("pages need latex2mathml: pip install 'exactav[html]'") from None
    found: Callable[..., ElementTree.Element] = convert_to_element
    return found


def mathml(latex: str, *, block: bool = True) -> str:
    """LaTeX of a formula as MathML, which browsers typeset by themselves.

    Raises:
        MissingExtraError: latex2mathml is not installed.
    """
    display = "block" if block else "inline"
    root = converter()(_ROW_SPACE.sub(r"\\\\", latex), display=display)
    for element in root.iter():
        element.text = element.text and _ENTITY.sub(lambda found: chr(int(found[1], 16)), element.text)
        if element.text == "⧵":  # which few fonts have
            element.text = "∖"
        if element.get("columnalign"):  # browsers align by styles
            element.set("style", f"text-align: {element.attrib['columnalign']}")
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def table(header: Iterable[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table that scrolls by itself where it is too wide; cells are HTML, the first of a row is its name."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    body = "\n".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    said = f"<caption>{caption}</caption>" if caption else ""
    return (
        f'<div class="wide" tabindex="0"><table>{said}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def bar(share: float) -> str:
    """A bar as long as ``share`` of a cell."""
    return f'<span class="bar"><span style="width: {100 * share:.2f}%"></span></span>'


def shade(share: float, text: str) -> str:
    """A cell of a heat map, as dark as ``share``."""
    return f'<span class="shade" style="--share: {100 * share:.1f}%">{text}</span>'
