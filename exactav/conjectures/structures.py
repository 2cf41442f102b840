"""Structures of networks over which conjectures are searched: one small function each.

``STRUCTURES`` has them by name. A structure fills a draft with numbers that it asks a source for: weights are
small whole numbers first, and become fractions when the draft is scaled to thresholds of 1. In what is said
of a structure, thresholds are 1, the drive is uniform, and every unit has leak, where nothing else is said.

Several are joined by "and", as in "symmetric and conservative": one that says which units are connected, or
"directed", then the others in the order of the list. The weights of a family are fixed: only a drive and an
increment join it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import sympy

from exactav.conjectures.belonging import is_any, is_circulant, is_lumped, is_ring, is_tree
from exactav.conjectures.draft import Draft
from exactav.conjectures.sources import Source, Symbols
from exactav.network import families
from exactav.network.network import Network

_WEIGHTS = (1, 2, 3, 4, 5)
_SPARSE = (1, 0, 2, 0, 3)
_SHARES = (1, 0, 2, 3)


@dataclass(frozen=True)
class Structure:
    """A set of networks.

    Attributes:
        name: by which it is asked for.
        says: which networks these are.
        build: puts what they have into a draft, with numbers from a source.
        has: whether a network is one of them.
        is_shape: whether it says which units are connected.
        is_family: whether it also says by what weights.
        least: the smallest number of units.
    """

    name: str
    says: str
    build: Callable[[Draft, Source], None]
    has: Callable[[Network], bool]
    is_shape: bool = False
    is_family: bool = False
    least: int = 1


def _directed(draft: Draft, source: Source, drawn: tuple[int, ...] = _WEIGHTS) -> None:
    for i, j in draft.pairs():
        draft.weights[i, j] = source.number(("weight", i, j), drawn, 0, draft.symbol("w", i, j))


def _any(draft: Draft, source: Source) -> None:
    _directed(draft, source, _SPARSE)
    for i in range(draft.n_units):
        own = source.number(("self", i), (0, 1, 0, 2), 0, draft.symbol("w", i, i))
        draft.weights[i, i] = own
        if source.flag(("no leak", i), 0.25, general=False):
            draft.leak[i] = sympy.Integer(0)
    if source.flag(("thresholds",), 0.5):
        draft.scale = "none"
    if source.flag(("drive",), 0.5):
        _drive(draft, source)


def _both_ways(draft: Draft, source: Source, i: int, j: int) -> None:
    """Unit i and an earlier one, which a draft with other numbers may name otherwise."""
    draft.weights[i, j] = source.number(("to", i), _WEIGHTS, 1, draft.symbol("w", i, j))
    draft.weights[j, i] = source.number(("from", i), _WEIGHTS, 1, draft.symbol("w", j, i))


def _trees(draft: Draft, source: Source) -> None:
    for i in range(1, draft.n_units):
        _both_ways(draft, source, i, source.place(("parent", i), i))


def _rings(draft: Draft, source: Source) -> None:
    for i in range(draft.n_units if draft.n_units > 2 else 1):
        _both_ways(draft, source, i, (i + 1) % draft.n_units)


def _acyclic(draft: Draft, source: Source) -> None:
    for i, j in draft.pairs():
        if j < i:
            draft.weights[i, j] = source.number(("weight", i, j), _WEIGHTS, 0, draft.symbol("w", i, j))


def _circulant(draft: Draft, source: Source) -> None:
    n = draft.n_units
    for step in range(1, n):
        weight = source.number(("step", str(step)), _WEIGHTS, 0, f"c_{step}")
        draft.weights |= {(i, (i - step) % n): weight for i in range(n)}
    draft.leak = dict.fromkeys(range(n), source.number(("leak", "all"), _WEIGHTS, 1, "s"))
    draft.scale, draft.alike = "common", ["all"] * n


def _populations(draft: Draft, source: Source) -> None:
    n = draft.n_units
    first = 1 + source.place(("first population",), n // 2)
    block = [int(i >= first) for i in range(n)]
    names = [(a, b) for a in range(2) for b in range(2)]
    weights = {
        (a, b): source.number(("between", f"{a}{b}"), _WEIGHTS, 0, f"w_{'ab'[a]}{'ab'[b]}") for a, b in names
    }
    leaks = [source.number(("leak", "ab"[a]), _WEIGHTS, 1, f"s_{'ab'[a]}") for a in range(2)]
    draft.weights = {(i, j): weights[block[i], block[j]] for i, j in draft.pairs()}
    draft.leak = {i: leaks[block[i]] for i in range(n)}
    draft.alike = ["ab"[a] for a in block]


def _family(draft: Draft, source: Source, name: str) -> None:
    n = draft.n_units
    alpha = source.share(("alpha",), "alpha")
    parameters: dict[str, Any] = {"N": n}
    if name == "bipartite":
        first = 1 + source.place(("first side",), n // 2)
        parameters = {"n": first, "m": n - first}
    elif name == "k_ring":
        parameters["k"] = 1 + source.place(("neighbours",), n // 2)
    parameters["alpha"] = alpha
    net = families.CATALOGUE[name](**parameters)
    draft.weights, draft.leak = dict(net.entries), dict(enumerate(net.leak))
    draft.scale = "common"
    draft.values = parameters


def _symmetric(draft: Draft, source: Source) -> None:
    n = draft.n_units
    is_circulant = draft.alike is not None and "all" in draft.alike
    for (i, j), weight in list(draft.weights.items()):
        if 2 * ((j - i) % n) <= n if is_circulant else i < j:
            draft.weights[j, i] = weight
    draft.is_mirrored, draft.scale = True, "common"


def _zero_weights(draft: Draft, source: Source) -> None:
    for i, j in draft.pairs():
        if draft.is_mirrored and j < i:
            continue
        if (i, j) in draft.weights and not source.flag(("kept", i, j), 0.5):
            del draft.weights[i, j]
            if draft.is_mirrored:
                draft.weights.pop((j, i), None)


def _self_coupled(draft: Draft, source: Source) -> None:
    for i in range(draft.n_units):
        name: str | int = i if draft.alike is None else draft.alike[i]
        symbol = draft.symbol("w", i, i) if draft.alike is None else f"v_{name}"
        draft.weights[i, i] = source.number(("self", name), (1, 2, 3), 0, symbol)


def _conservative(draft: Draft, source: Source) -> None:
    leaky = source.place(("leaky",), draft.n_units)
    draft.leak |= {i: sympy.Integer(0) for i in range(draft.n_units) if i != leaky}
    if draft.scale == "common":
        draft.scale = "none"


def _unequal_thresholds(draft: Draft, source: Source) -> None:
    draft.scale = "none"


def _drive(draft: Draft, source: Source) -> None:
    units = range(draft.n_units)
    shares = [
        source.number(("share", i), _SHARES, 0, draft.symbol("p", i)) if i else sympy.Integer(1)
        for i in units
    ]
    if isinstance(source, Symbols):
        draft.drive = [1 - sympy.Add(*shares[1:]), *shares[1:]]
    else:
        shares[0] = source.number(("share", 0), _SHARES, 0, "")
        shares[0] += int(not any(shares))
        draft.drive = [share / sympy.Add(*shares) for share in shares]


def _increment(draft: Draft, source: Source) -> None:
    draft.has_increment = True


def _family_structure(name: str, says: str, least: int) -> Structure:
    return Structure(name, says, partial(_family, name=name), is_any, True, True, least)


_ALL = (
    Structure("any", "whatever a network may have, but for an increment", _any, is_any, True),
    Structure("directed", "a weight for each direction of each pair of units", _directed, is_any, True),
    Structure(
        "acyclic",
        "units that receive from earlier ones only",
        _acyclic,
        lambda net: all(j < i for i, j in net.entries if i != j),
        True,
    ),
    Structure(
        "trees", "each unit but the first connected to one earlier unit, both ways", _trees, is_tree, True
    ),
    Structure("rings", "each unit connected to the next one, both ways", _rings, is_ring, True, least=2),
    Structure("circulant", "all units alike: w_ij depends on i - j", _circulant, is_circulant, True),
    Structure(
        "populations",
        "two classes of interchangeable units, the smaller one first",
        _populations,
        is_lumped,
        True,
        least=2,
    ),
    _family_structure("homogeneous", "families.homogeneous(N, alpha)", 1),
    _family_structure("homogeneous_without_self", "families.homogeneous_without_self(N, alpha)", 2),
    _family_structure("ring", "families.ring(N, alpha)", 2),
    _family_structure("k_ring", "families.k_ring(N, alpha, k)", 2),
    _family_structure("directed_ring", "families.directed_ring(N, alpha)", 2),
    _family_structure("line", "families.line(N, alpha)", 1),
    _family_structure("star", "families.star(N, alpha)", 2),
    _family_structure("bipartite", "families.bipartite(n, m, alpha), n <= m", 2),
    Structure(
        "symmetric",
        "w_ij = w_ji",
        _symmetric,
        lambda net: all(net.entries.get((j, i), 0) == weight for (i, j), weight in net.entries.items()),
    ),
    Structure(
        "zero weights",
        "some of the weights are 0",
        _zero_weights,
        lambda net: sum(i != j for i, j in net.entries) < net.n_units * (net.n_units - 1),
        least=2,
    ),
    Structure(
        "self-coupled",
        "units that send to themselves",
        _self_coupled,
        lambda net: any((i, i) in net.entries for i in range(net.n_units)),
    ),
    Structure(
        "conservative",
        "no leak but that of one unit",
        _conservative,
        lambda net: sum(bool(leak) for leak in net.leak) == 1,
    ),
    Structure(
        "unequal thresholds",
        "thresholds that differ",
        _unequal_thresholds,
        lambda net: len(set(net.thresholds)) > 1,
        least=2,
    ),
    Structure(
        "non-uniform drive",
        "some units are fed more often than others",
        _drive,
        lambda net: len(set(net.drive)) > 1,
        least=2,
    ),
    Structure(
        "with increment",
        "an increment; only units with leak are driven",
        _increment,
        lambda net: net.increment is not None,
    ),
)
STRUCTURES: Mapping[str, Structure] = MappingProxyType({one.name: one for one in _ALL})
"""All structures by name, in the order in which those that are joined are built."""
