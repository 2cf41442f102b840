"""Every reader of exactav as a function of bytes, which must take them or refuse with an error of its own.

What a reader takes is used: a network or law is written and read again and must be equal, and no output may
hold a character that a terminal would obey.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import click

import exactav as ea
from exactav.command.labels import inputs_of, label_of, labels_of
from exactav.command.options import assignments
from exactav.command.rendering import Report
from exactav.command.sections import Section, network_facts, unit_outcomes
from exactav.errors import ExactavError, InexactError
from exactav.network.families import from_spec
from exactav.numbers.coding import coded, decoded
from exactav.numbers.expressions import exact, parse_expression
from exactav.papers.reading import Reading
from exactav.papers.source import source
from fuzz.guard import FOLDER, Finding

REFUSALS: tuple[type[Exception], ...] = (ExactavError, click.UsageError)
# Making, writing and reading have their seconds each, and all together the time of one input.
_WRITTEN_UNITS, _WRITTEN_SECONDS = 5_000, 0.3
_SHOWN_UNITS = 6  # of larger networks outputs take long, and have the same labels
_LONGEST_MESSAGE = 20_000
_PAPERS = 512  # one of so many papers is decided, the others are only read: it takes a process


def _network(kind: str, data: bytes) -> None:
    path = FOLDER / f"network.{kind}"
    path.write_bytes(data)
    try:
        net = ea.read_network(path, format=kind)
    except InexactError:
        if kind not in ("npy", "graphml"):
            raise
        net = ea.read_network(path, format=kind, max_denominator=1000)
    use(net)


def use(net: ea.Network) -> None:
    """Write a network that is not large in every way, and read it again.

    Raises:
        Finding: it is another one then, or an output would not be shown as it is.
    """
    if net.n_units > _WRITTEN_UNITS:
        return
    with ea.limits(max_cost=_WRITTEN_SECONDS, max_memory=500.0):
        if ea.from_json(net.to_json()) != net:
            raise Finding("to_json and from_json: another network")
    if net.n_units > _SHOWN_UNITS or net.symbols or all(map(_is_plain, net.labels)):
        return
    leaks = [(outcome, [value]) for outcome, value in zip(unit_outcomes(net), net.leak, strict=True)]
    section = Section("units", "Units", "unit", ["leak"], leaks)
    report = Report("A network", network_facts(net), [section])
    for name in ("table", "json", "csv", "latex"):
        _refuse_controls(getattr(report, name)(), f"the output {name}")
    _refuse_controls(repr(net), "repr")
    _refuse_controls(net.latex(), "latex()")
    _refuse_controls(net._repr_html_(), "_repr_html_()")


def _is_plain(label: object) -> bool:
    return isinstance(label, int) or (isinstance(label, str) and label.isascii() and label.isalnum())


def _refuse_controls(text: str, where: str) -> None:
    if found := sorted({c for c in text if unicodedata.category(c) == "Cc" and c != "\n"}):
        raise Finding(f"{where} has control characters: {found}")


def message_of(error: Exception) -> str:
    """What a refusal says.

    Raises:
        Finding: it is as long as a book.
    """
    text = str(error)
    if len(text) > _LONGEST_MESSAGE:
        raise Finding(f"a message as long as a book: {len(text)} characters of {type(error).__name__}")
    return text


def _text(data: bytes) -> str:
    """As the command line gets it."""
    return data.decode("utf-8", "surrogateescape")


def _spec(data: bytes) -> None:
    use(from_spec(_text(data)))


def _expression(data: bytes) -> None:
    expr = parse_expression(_text(data))
    if decoded(coded(expr), "x") != exact(expr, "x"):  # SymPy may leave products in products
        raise Finding("coded and decoded: another expression")


@cache
def _asked() -> tuple[ea.Network, ea.Network]:
    symbolic = ea.Network([[0, "a"], ["alpha/2", "sqrt(b)"]], labels=["A", "x,y"])
    return symbolic, ea.Network([[0, "1/2", 0], ["1/4", 0, "1/4"], [0, "1/3", "1/3"]], labels=["A", "x,y", 7])


def _options(data: bytes) -> None:
    """The first line names the option, the others are its values."""
    option, *values = _text(data).split("\n")
    symbolic, net = _asked()
    if option == "--set":
        found = assignments(None, None, tuple(values))  # type: ignore[arg-type]
        use(symbolic.at(found))
    elif option == "--input":
        ea.avalanche_probability(net, input=inputs_of(net, values))
    elif option == "--observed":
        ea.size_law(net, observed=labels_of(net, values))
    else:
        ea.mean_size(net, label_of(net, option))


@cache
def checkpoint() -> tuple[ea.Network, str, str, str, str]:
    """A network, and of a checkpoint of its law what it begins with, the question, the part, and the body."""
    net = ea.Network([[0, "1/2", 0], ["1/4", 0, "1/4"], [0, "1/3", "1/3"]])
    path = FOLDER / "whole.checkpoint"
    FOLDER.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    ea.size_law(net, method="subsets", checkpoint=path)
    header, _, body = path.read_text(encoding="utf-8").partition("\n")
    question, part = re.findall(r'"([0-9a-f]{64})"', body)
    body = body.rstrip("\n").replace(question, "QUESTION").replace(part, "PART")
    return net, header.rpartition(" ")[0], question, part, body


def _checkpoint(data: bytes) -> None:
    """A whole file, or else the body of one, whose checksum, question and part are made to be right."""
    net, magic, question, part, _ = checkpoint()
    if not data.startswith(magic.encode()):
        body = data.replace(b"QUESTION", question.encode()).replace(b"PART", part.encode())
        data = f"{magic} {sha256(body).hexdigest()}\n".encode() + body + b"\n"
    path = FOLDER / "law.checkpoint"
    path.write_bytes(data)
    ea.size_law(net, method="subsets", checkpoint=path)


def _law(data: bytes) -> None:
    found = ea.from_json(_text(data))
    if isinstance(found, ea.Network):
        use(found)
        return
    if ea.from_json(found.to_json()) != found:
        raise Finding("to_json and from_json: another law")
    for text, where in ((repr(found), "repr"), (found.latex(), "latex()"), (found._repr_html_(), "html")):
        _refuse_controls(text, where)


def _latex(data: bytes) -> None:
    text = _text(data).encode("utf-8", "replace").decode()
    if crc32(data) % _PAPERS == 0:
        path = FOLDER / "paper.tex"
        path.write_text(text, encoding="utf-8")
        _refuse_controls(ea.check_paper(path, seconds=0.2).summary(), "summary")
    for claim in Reading(source(text)).claims():
        _refuse_controls(claim.detail.replace("\t", " "), "the reason of a verdict")


def _bounded(read: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """A reader that may spend what it estimates as a second: what takes as long as a hang is wrong then."""

    def bounded(data: bytes) -> None:
        with ea.limits(max_cost=1.0, max_memory=500.0):
            read(data)

    return bounded


_ALL: dict[str, Callable[[bytes], None]] = {
    **{kind: partial(_network, kind) for kind in ("csv", "edges", "txt", "json", "graphml", "npy")},
    "spec": _spec,
    "expression": _expression,
    "options": _options,
    "checkpoint": _checkpoint,
    "law": _law,
    "latex": _latex,
}
READERS = MappingProxyType({name: _bounded(read) for name, read in _ALL.items()})
"""By name, a function of bytes; what it raises but ``REFUSALS`` is a finding."""


def corpus(reader: str) -> list[Path]:
    """The files that are kept for a reader: odd ones written by hand, and what once was a finding."""
    return sorted((Path(__file__).parent / "corpus" / reader).iterdir())


def prepare() -> Any:
    """Have everything loaded and compiled that a reader needs, before it is watched."""
    FOLDER.mkdir(exist_ok=True)
    return checkpoint()
