"""GraphML, read element by element, so that no tree of all of them is held."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, XMLPullParser

import sympy

from exactav.errors import ExactavError, InvalidNetworkError, ParseError
from exactav.interchange.draft import (
    Draft,
    Entries,
    check_reading,
    edge_name,
    entry,
    rounded,
    text_labels,
)
from exactav.texts import quoted

_AT_ONCE = 1 << 16  # characters that are parsed at once
_TYPES: dict[str | None, Callable[[str], Any]] = {
    "boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}[text.lower()],
    "int": int,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "string": str,
    "yfiles": str,
    None: str,
}


def parse_graphml(text: str, max_denominator: int | None = None) -> Draft:
    """The draft of a GraphML document, its weights the edge attribute ``weight``, 1 where there is none.

    Weights of the types float and double are taken as the shortest decimal that names the same float (0.1 is
    1/10), or rounded to fractions of denominator at most ``max_denominator``; texts such as ``1/5`` are read
    by the grammar. Undirected edges send both ways, parallel edges add.

    Raises:
        ParseError: not GraphML, more than one graph, or a document type declaration (entities are never
        expanded).
        TooCostlyError: it has more units or edges than may be read, see :func:`exactav.limits`.
    """
    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        raise ParseError("it declares a document type or entities, which are not read: delete <!DOCTYPE ...>")
    check_reading(len(text), text.count("<node"), text.count("<edge"))
    reader = _Reader(Entries(partial(_weight, max_denominator)))
    try:
        for element in _elements(text):
            reader.take(*element)
    except ExactavError:
        raise
    except Exception as error:  # of a broken document, or of a number that is none
        raise ParseError(f"it is not GraphML that can be read ({error})") from None
    return reader.draft()


def _weight(max_denominator: int | None, value: Any, where: str) -> sympy.Expr:
    value = rounded(value, max_denominator)
    return entry(repr(value) if isinstance(value, float) else value, where)


def _elements(text: str) -> Iterator[tuple[str, Element, list[str]]]:
    """("start" or "end", element, names of those around it); children are dropped with their end."""
    parser: Any = XMLPullParser(["start", "end"])
    around: list[Element] = []
    names: list[str] = []
    for begin in range(0, len(text), _AT_ONCE):
        parser.feed(text[begin : begin + _AT_ONCE])
        if begin + _AT_ONCE >= len(text):
            parser.close()
        for event, element in parser.read_events():
            if event == "start":
                yield "start", element, names
                around.append(element)
                names.append(_name(element))
            else:
                around.pop()
                names.pop()
                yield "end", element, names
                if names == ["graphml", "graph"]:
                    around[-1].clear()  # what was in it has been taken


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


@dataclass
class _Key:
    name: str
    read: Callable[[str], Any]


@dataclass
class _Reader:
    """Takes elements as they come.

    Attributes:
        edges: source, target, weight as it was read.
    """

    numbers: Entries
    keys: dict[str | None, _Key] = field(default_factory=dict)
    default: Any = 1
    nodes: dict[str, int] = field(default_factory=dict)
    edges: list[tuple[str | None, str | None, sympy.Expr]] = field(default_factory=list)
    identities: set[tuple[Any, ...]] = field(default_factory=set)
    n_graphs: int = 0
    is_directed: bool = False

    def take(self, event: str, element: Element, around: list[str]) -> None:
        name = _name(element)
        if event == "start":
            if name == "graph":
                self.n_graphs += 1
                self.is_directed = element.get("edgedefault") == "directed"
            return
        if name == "key" and around == ["graphml"]:
            self._take_key(element)
        elif around == ["graphml", "graph"]:
            if name == "hyperedge":
                raise ParseError("it has hyperedges, which no network has: write edges")
            if name == "node":
                self._take_node(element)
            elif name == "edge":
                self._take_edge(element)

    def _take_key(self, element: Element) -> None:
        if self.n_graphs:
            raise ParseError("a key is declared after the graph: move it to where the others are")
        is_yfiles = element.get("yfiles.type") is not None
        name = element.get("yfiles.type") if is_yfiles else element.get("attr.name")
        if name is None:
            raise ParseError(f"key {quoted(element.get('id'))} has no attr.name: give it one")
        read = _TYPES["yfiles" if is_yfiles else element.get("attr.type")]
        self.keys[element.get("id")] = _Key(name, read)
        for child in element:
            if _name(child) == "default":
                value = read(child.text or "")
                if name == "weight" and element.get("for", "all") in ("edge", "all"):
                    self.default = value

    def _take_node(self, element: Element) -> None:
        name = element.get("id")
        if name is None or name in self.nodes:
            raise ParseError("a node has no id, or one that came before: give each node an id of its own")
        self.nodes[name] = len(self.nodes)

    def _take_edge(self, element: Element) -> None:
        source, target = element.get("source"), element.get("target")
        if element.get("directed") == ("false" if self.is_directed else "true"):
            kind = "a directed" if self.is_directed else "an undirected"
            raise ParseError(
                f"{edge_name(source, target)} says directed={element.get('directed')} in {kind} "
                "graph: make all edges of one kind"
            )
        data: dict[str, Any] = {}
        for child in element:
            if _name(child) == "data":
                self._take_data(child, data)
        identity = element.get("id") or data.get("key")
        if identity is not None:
            ends = (source, target) if self.is_directed else frozenset((source, target))
            if (ends, identity) in self.identities:
                raise ParseError(
                    f"{edge_name(source, target)} of id {quoted(identity)} came already: keep one"
                )
            self.identities.add((ends, identity))
        weight = data.get("weight", self.default)
        where = partial(edge_name, source, target, "weight of ")
        self.edges.append((source, target, self.numbers.read(weight, where)))

    def _take_data(self, element: Element, data: dict[str, Any]) -> None:
        key = self.keys.get(element.get("key"))
        if key is None:
            raise ParseError(f"data of key {quoted(element.get('key'))}, which is not declared: declare it")
        if key.name not in ("weight", "key"):
            return  # others are not read
        if len(element):
            raise ParseError(
                f"data {quoted(key.name)} of an edge holds other elements: write text or a number"
            )
        if key.name in data:
            raise ParseError(f"an edge has two data {quoted(key.name)}: keep one")
        data[key.name] = key.read(element.text or "")

    def draft(self) -> Draft:
        """The draft of what has come."""
        if self.n_graphs != 1:
            raise ParseError(f"it holds {self.n_graphs} graphs: wanted GraphML with exactly one")
        entries: dict[tuple[int, int], sympy.Expr] = {}
        for source, target, weight in self.edges:
            for end in (source, target):
                if end not in self.nodes:
                    raise ParseError(
                        f"{edge_name(source, target)}: there is no node {quoted(end)}; declare it"
                    )
            j, i = self.nodes[str(source)], self.nodes[str(target)]
            for pair in [(i, j)] if self.is_directed or i == j else [(i, j), (j, i)]:
                entries[pair] = entries[pair] + weight if pair in entries else weight
        if not self.nodes:
            raise InvalidNetworkError("a graph without nodes: give at least one unit")
        return Draft(text_labels(list(self.nodes)), entries)
