r"""Texts from strangers as they may be shown: labels, names of files, what files hold, what objects say.

Nothing that is shown steers a terminal, turns around the text beside it, goes on for pages, or raises because
of what it is. Each output has its own marks besides (LaTeX, HTML, cells of tables), which are escaped there.
"""

import unicodedata
from typing import Any

MOST_QUOTED = 120  # characters of a value in a message
MOST_SAID = 1_000  # of a whole message
MOST_OF_LABEL = 1_000  # of the name of a unit
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # of the direction of text


def printable(text: str) -> str:
    r"""``text`` as a terminal may show it: control characters, those that turn text around and the like as
    ``\x1b``, as Python writes them.

    >>> printable("a\x1b[31mb\u202e\n"), printable("é 東 :)")
    ('a\\x1b[31mb\\u202e\\n', 'é 東 :)')
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def printable_lines(text: str) -> str:
    """The same, line by line."""
    return "\n".join(map(printable, text.split("\n")))


def spelled(text: str) -> str:
    """``text`` on one line as pages and pictures may show it, with such characters by their code.

    >>> spelled("a \\n b"), spelled("a\\u202eb")
    ('a b', 'a[U+202E]b')
    """
    line = " ".join(text.split())
    return (
        line if line.isprintable() else "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in line)
    )


def shortened(text: str, most: int) -> str:
    """``text``, without its middle where it has more than ``most`` characters, and with how many it has.

    >>> shortened("x" * 5000, 60)
    'xxxxxxxxxxxxxxxxxxxx ... (5000 characters) ... xxxxxxxxxxxxx'
    """
    if len(text) <= most:
        return text
    middle = f" ... ({len(text)} characters) ... "
    kept = max(0, most - len(middle))
    head = kept - 2 * kept // 5
    return text[:head] + middle + text[len(text) - (kept - head) :]


def can_name_a_unit(text: str) -> bool:
    """Whether files may call a unit so: no control characters, line ends, or what turns text around.

    Joiners of no width are letters to some scripts, and allowed; outputs show them by their code.
    """
    if not 0 < len(text) <= MOST_OF_LABEL:
        return False
    return not any(c in _TURNING or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def label_data(label: Any) -> int | str:
    """How JSON calls a unit: whole numbers and texts as they are, anything else by :func:`label_text`."""
    return label if isinstance(label, int | str) else label_text(label)


def label_text(label: Any) -> str:
    r"""How a text calls a unit.

    >>> label_text("a\tb"), label_text(("a", 1))
    ('a\\tb', "('a', 1)")
    """
    return printable(as_text(label))


def as_text(label: Any) -> str:
    """What ``str`` makes of a label, whatever that is, with anything in it that is not shown as it stands."""
    return shortened(_of(str, label), MOST_OF_LABEL)


def quoted(value: Any, most: int = MOST_QUOTED) -> str:
    """``repr(value)`` for a message, on one line, without its middle where it is long, whatever it is.

    >>> quoted("x" * 1000, 50)
    "'xxxxxxxxxxxxx ... (1002 characters) ... xxxxxxxx'"
    """
    text = _of(repr, value)
    line = " ".join(text.split()) if "\n" in text else text  # as of arrays and tables
    return shortened(printable(line), most)


def message(text: str) -> str:
    """A message that quotes what nobody has checked: on one line, its middle left out where it is long."""
    return shortened(printable(text.replace("\n", " ")), MOST_SAID)


def _of(write: Any, value: Any) -> str:
    if type(value) is int and value.bit_length() > 4 * MOST_OF_LABEL:
        return (
            f"a number of about {int(value.bit_length() * 0.30103)} digits"  # Python may refuse to write it
        )
    try:
        return str(write(value))
    except Exception:  # of an object from elsewhere
        return f"something of type {type(value).__name__}"
