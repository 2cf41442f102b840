"""LaTeX as MathML, for pages that stand alone (the extra ``html``)."""

import re
from xml.etree import ElementTree

from exactav.errors import MissingExtraError
from exactav.showing.markup import Html, text

# How the library writes characters; as the text of an element they would be escaped once more.
_USUAL = (("fence", "true"), ("stretchy", "true"), ("form", ""), ("xmlns", ""))
_ENTITY = re.compile(r"&#x([0-9A-F]{5,6});")


def mathml(latex: str, display: str = "block") -> Html:
    """Mathematics as MathML, which browsers typeset without a network connection.

    Args:
        display: "block", or "inline".

    Raises:
        MissingExtraError: latex2mathml is not installed.
    """
    try:
        from latex2mathml.converter import convert_to_element
    except ImportError:
        raise MissingExtraError("pages need latex2mathml: pip install 'exactav[html]'") from None
    # spaces at the ends of rows, and the size of delimiters, say nothing in MathML
    plain = re.sub(r"\\\\\[\d+pt\]", r"\\\\", latex).replace(r"\displaystyle ", "")
    plain = re.sub(r"\\(big|bigl|bigr)(?![a-z])", "", plain)
    plain = plain.replace(r"\setminus", r"\backslash")  # which every font has
    try:
        root = convert_to_element(plain, display=display)
    except Exception:  # what it cannot read is shown as it is
        return text(latex, 2_000)
    for element in root.iter():
        element.text = element.text and _ENTITY.sub(lambda code: chr(int(code[1], 16)), element.text)
        for name, usual in _USUAL:  # what browsers take anyway, for brackets
            if usual in ("", element.get(name)):
                element.attrib.pop(name, None)
        if element.get("columnalign"):  # browsers align by styles
            element.set("style", f"text-align: {element.attrib['columnalign']}")
    # Not what the library writes itself, in which a label such as <script> would be an element.
    found = ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    found = "".join(c if c.isprintable() else f"&#x{ord(c):X};" for c in found)  # invisible operators
    return text(latex, 2_000) if re.search(r"<m[io]>\\[A-Za-z]", found) else Html(found)
