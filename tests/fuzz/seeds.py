"""What writers of exactav, networkx and numpy write: seeds for the readers, made anew each time."""

import io
import json
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np

import exactav as ea
from exactav.network.families import CATALOGUE
from fuzz.readers import checkpoint


def networks() -> Iterator[ea.Network]:
    """One of each kind that files can hold."""
    yield ea.families.ring(3, "4/5")
    yield ea.families.star(4, "1/2", labels=["hub", "a,b", "é", '"q"'])
    yield ea.families.populations([2, 1], [["1/5", "1/10"], ["1/10", "1/5"]], drive=["1/2", "1/4", "1/4"])
    yield ea.families.generic(2)
    yield ea.Network([["1/5", "sqrt(2)/8"], ["1/9", 0]], thresholds=[2, "3/2"], increment="1/9")
    yield ea.Network(
        [[0, 1, 0], [0, 0, "a/b"], [0, 0, 0]], thresholds=2, labels=[("x", 1), frozenset("y"), 2]
    )
    yield ea.Network([[0, "1e30"], ["1e-30", 0]], thresholds=["1e31", 1], drive=[1, 0])


def laws() -> Iterator[ea.Law[Any]]:
    """One of each kind of law."""
    net = ea.Network([[0, "1/2"], ["1/4", "1/8"]], increment="1/8", labels=["a", "b"])
    yield ea.size_law(net)
    yield ea.size_law(net, "a", arithmetic="float")
    yield ea.size_law(net, observed=["b"])
    yield ea.size_law(ea.families.ring(4, "4/5"), up_to=2)
    yield ea.size_law(net).per_step()
    yield ea.size_law(net, input={"a": "1/9"})
    yield ea.assembly_law(net).given(lambda assembly: len(assembly) == 2)
    yield ea.pattern_law(net)
    yield ea.duration_law(net)
    yield ea.size_duration_law(net)
    yield ea.composition_law(net, {"left": ["a"], "right": ["b"]})
    yield ea.start_law(net, ["a", "b"])
    yield ea.wave_law(net)
    yield ea.near_threshold_law(net)
    yield ea.sequence_law(net, 2)
    yield ea.size_law(ea.families.generic(2))


def generated(reader: str) -> list[bytes]:
    """Seeds for a reader; none where all are kept as files."""
    if reader == "json":
        return [net.to_json().encode() for net in networks()]
    if reader == "law":
        return [*generated("json"), *(law.to_json().encode() for law in laws())]
    if reader == "checkpoint":
        _, magic, _, _, body = checkpoint()
        cut = json.loads(body)
        for part in cut["parts"].values():
            part.update(done=0, total=None, waiting={"1": part["total"]})
        return [body.encode(), json.dumps(cut).encode(), f"{magic} {'0' * 64}\n{body}\n".encode()]
    if reader == "graphml":
        graph = nx.DiGraph([("a", "b", {"weight": "1/2"}), ("b", "a", {"weight": "0.25"})], increment="1/9")
        graph.add_node("a", threshold=2, drive="1/2")
        graphs = [graph, nx.path_graph(3), nx.MultiGraph([(0, 1), (0, 1), (1, 1)])]
        return ["\n".join(nx.generate_graphml(one)).encode() for one in graphs]
    if reader == "npy":
        return [
            _npy(array) for array in (np.eye(2, k=1, dtype=np.int8), np.full((2, 2), 0.2), np.zeros((1, 1)))
        ]
    return []


def _npy(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


_NUMBERS = [
    "1/2",
    "0.25",
    "1e-3",
    "sqrt(",
    "exp(",
    "**",
    "9" * 30,
    "alpha",
    "(",
    ")",
    "-",
    "\ufeff",
    "\u202e",
]
_WORDS: dict[str, list[str]] = {
    "csv": [",", ";", "\t", '"', '""', "\r\n", "# ", "=", *_NUMBERS],
    "edges": ["source", "target", "weight", "from", "to", "pre", "post", ",", "\t", '"', "# ", *_NUMBERS],
    "json": [
        *(
            f'"{key}":'
            for key in ("format", "weights", "edges", "labels", "thresholds", "drive", "increment")
        ),
        *(
            f'{{"{key}":'
            for key in ("integer", "quotient", "+", "*", "power", "exp", "log", "root", "symbol")
        ),
        *(f'{{"{key}":' for key in ("tuple", "set", "fraction", "float", "expression")),
        *(
            '"index":',
            '"positive":',
            "true",
            "null",
            "NaN",
            "Infinity",
            "\\u001b",
            "\\ud800",
            "0x1f",
            *_NUMBERS,
        ),
    ],
    "graphml": [
        *("<node id=", "<edge source=", " target=", "<data key=", "<key id=", ' for="', ' attr.name="'),
        *(' attr.type="', "<default>", 'edgedefault="undirected"', "<!DOCTYPE", "<!ENTITY", "&amp;", "&#27;"),
        *("<graph>", "</graph>", "<hyperedge", "<port", "<![CDATA[", "weight", "threshold", "leak", "drive"),
        *("boolean", "double", "string", "long", "increment", "exactav", *_NUMBERS),
    ],
    "npy": [
        "\x93NUMPY",
        "'descr': ",
        "'<f8'",
        "'|O'",
        "'|S9'",
        "'<U9'",
        "'<M8[s]'",
        "True",
        "False",
        "(2, 2)",
    ],
    "options": ["--set\n", "--input\n", "--observed\n", '"', ",", "=", "A", "x,y", "alpha", "b", *_NUMBERS],
    "checkpoint": [
        *(
            "QUESTION",
            "PART",
            '"question": ',
            '"parts": ',
            '"done": ',
            '"total": ',
            '"waiting": ',
            '"long": ',
        ),
        *("null", "true", "false", "NaN", "1e400", "-1", "[[", "]]", "{}", "[]", "1000000000"),
    ],
    "latex": [
        *(
            "\\frac{",
            "\\sum_{k=1}^{n}",
            "\\prod",
            "\\binom{",
            "\\sqrt{",
            "\\left(",
            "\\right)",
            "\\\\",
            "&",
            "^{",
        ),
        *(
            "_{",
            "\\begin{cases}",
            "\\end{cases}",
            "\\begin{pmatrix}",
            "\\end{pmatrix}",
            "\\det",
            "\\text{ if }",
        ),
        *("\\newcommand{", "\\def", "#1", "\\[", "\\]", "$$", "% exactav: ", "integer", "homogeneous.size"),
        *(
            "\\begin{align}",
            "\\end{align}",
            "\\alpha",
            "\\dots",
            "\\infty",
            "\\cdot",
            "!",
            "ignore",
            "\\label{",
        ),
    ],
}


def words(reader: str) -> list[str]:
    """What texts for a reader are made of."""
    if reader == "spec":
        options = [
            "N=",
            "alpha=",
            "labels=",
            "drive=",
            "increment=",
            "sizes=",
            "weights=",
            "rows=",
            "columns=",
        ]
        return [f"{name}:" for name in CATALOGUE] + [
            *options,
            "n=",
            "m=",
            "k=",
            "neighbourhood=",
            ";",
            *_NUMBERS,
        ]
    if reader == "law":
        keys = "law network start kind per_step condition arithmetic total roundings outcomes input of name "
        keys += "letter lowest highest"
        kinds = [f'"{law.__name__}"' for law in ea.Law.__subclasses__()]
        return [*(f'"{key}":' for key in keys.split()), *kinds, *_WORDS["json"]]
    return _WORDS.get({"txt": "csv"}.get(reader, reader), _NUMBERS)
