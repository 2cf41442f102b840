"""Ready networks: one function for each family, all returning a checked :class:`~exactav.network.Network`.

Parameters are exact (int, Fraction, SymPy expression with or without symbols, text such as ``"4/5"``),
thresholds are 1 where nothing else is said, and every function takes the keywords of :class:`Options`.
``alpha`` is the largest row sum of W (of a line: the row sum inside), what a unit receives when all units
fire. Where two edges join the same pair of units (a ring of two, a torus two wide) their weights add.

``CATALOGUE`` names the families and :func:`from_spec` reads ``"ring:N=10,alpha=4/5"``. The model is that of
arXiv:2202.02520, homogeneous networks first in Phys. Rev. E 66, 066137 (2002).
"""

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

import sympy

from exactav.errors import InvalidNetworkError
from exactav.network.entries import Rows, check_size, number_of_units, one_or_many
from exactav.network.network import Network
from exactav.network.specs import block_sizes, block_weights, read_spec, whole
from exactav.network.specs import suggestion as suggestion
from exactav.numbers.arguments import flag, one_of
from exactav.numbers.expressions import exact
from exactav.running.limits import check

__all__ = [
    "CATALOGUE",
    "bipartite",
    "directed_ring",
    "feedforward",
    "from_spec",
    "generic",
    "homogeneous",
    "homogeneous_without_self",
    "k_ring",
    "line",
    "populations",
    "ring",
    "star",
    "torus",
]


class Options(TypedDict, total=False):
    """What every family takes, as in :class:`~exactav.network.Network`."""

    drive: Any
    increment: Any
    labels: Iterable[Hashable] | None


_GENERIC_SECONDS, _GENERIC_MEGABYTES = 6e-6, 3.5e-5  # for each symbol in each number
_Item = tuple[tuple[int, int], sympy.Expr]  # ((receiver, sender), weight)


def homogeneous(N: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """N units, each coupled to all and to itself by alpha/N.

    Args:
        N: number of units, at least 1.
        alpha: row sum of W, from 0 to below 1.

    Size law: derivation 08; large N: derivation 11. Source: Phys. Rev. E 66, 066137 (2002).

    >>> homogeneous(3, sympy.Symbol("alpha")).volume()
    1 - alpha
    """
    size = whole(N, "N")
    weight = exact(alpha, "alpha") / size
    check_size(size, size * size)
    return _network([dict.fromkeys(range(size), weight)] * size, options)


def homogeneous_without_self(N: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """N units, each coupled to all others by alpha/(N - 1).

    Args:
        N: number of units, at least 2.
        alpha: row sum of W, from 0 to below 1.

    Source: arXiv:2202.02520.

    >>> w = sympy.Rational(3, 8)
    >>> homogeneous_without_self(3, "3/4").volume() == (1 - 2 * w) * (1 + w) ** 2
    True
    """
    size = whole(N, "N", at_least=2)
    weight = exact(alpha, "alpha") / (size - 1)
    check_size(size, size * (size - 1))
    return _network([{j: weight for j in range(size) if j != i} for i in range(size)], options)


def ring(N: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """N units in a ring, coupled to both neighbours by alpha/2.

    Args:
        N: number of units, at least 2; both edges of a ring of two join the same pair: its weights are alpha.
        alpha: row sum of W, from 0 to below 1.

    Source: arXiv:2202.02520.

    Size law: derivation 10.

    >>> w, x = sympy.Rational(2, 5), sympy.Rational(5, 4)
    >>> ring(10, "4/5").volume() == 2 * w**10 * (sympy.chebyshevt(10, x) - 1)
    True
    """
    return k_ring(whole(N, "N", at_least=2), alpha, 1, **options)


def k_ring(N: int, alpha: Any, k: int, **options: Unpack[Options]) -> Network:
    """N units in a ring, coupled to the k nearest on each side by alpha/(2k).

    Args:
        N: number of units, at least 2.
        alpha: row sum of W, from 0 to below 1.
        k: neighbours on each side, at most N/2; for k = N/2 the opposite unit is reached from both sides.

    Source: arXiv:2202.02520.

    >>> k_ring(5, "1/2", 2) == homogeneous_without_self(5, "1/2")
    True
    """
    size, reach = whole(N, "N", at_least=2), whole(k, "k")
    if reach > size // 2:
        raise InvalidNetworkError(
            f"k = {reach} neighbours on each side of a ring of {size}: give k from 1 to {size // 2}"
        )
    weight = exact(alpha, "alpha") / (2 * reach)
    check_size(size, 2 * size * reach)
    steps = [*range(-reach, 0), *range(1, reach + 1)]
    items = (((i, (i + step) % size), weight) for i in range(size) for step in steps)
    return _network(_rows(size, items), options)


def directed_ring(N: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """N units in a ring, unit i sending alpha to unit i + 1 alone.

    Args:
        N: number of units, at least 2.
        alpha: row sum of W, from 0 to below 1.

    Source: the model of arXiv:2202.02520.

    >>> directed_ring(5, "1/2").volume() == 1 - sympy.Rational(1, 2) ** 5
    True
    """
    size, weight = whole(N, "N", at_least=2), exact(alpha, "alpha")
    check_size(size, size)
    return _network([{(i - 1) % size: weight} for i in range(size)], options)


def line(N: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """N units in a line, neighbours coupled by alpha/2: a ring with one edge cut, whose end units leak more.

    Args:
        N: number of units; a line of one is a unit without neighbours.
        alpha: row sum of W inside the line; the end units receive alpha/2.

    Source: arXiv:2202.02520.

    Size law: derivation 10.

    >>> line(4, "4/5").leak
    (3/5, 1/5, 1/5, 3/5)
    """
    size, weight = whole(N, "N"), exact(alpha, "alpha") / 2
    check_size(size, 2 * size)
    items = (item for i, j in pairwise(range(size)) for item in (((i, j), weight), ((j, i), weight)))
    return _network(_rows(size, items), options)


def star(N: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """N units, the hub 0 coupled to each other unit by alpha/(N - 1) both ways.

    Args:
        N: number of units, hub included, at least 2.
        alpha: row sum of the hub; the others receive alpha/(N - 1).

    Source: the model of arXiv:2202.02520.

    >>> star(5, "4/5").volume() == 1 - 4 * sympy.Rational(1, 5) ** 2
    True
    """
    return bipartite(1, whole(N, "N", at_least=2) - 1, alpha, **options)


def bipartite(n: int, m: int, alpha: Any, **options: Unpack[Options]) -> Network:
    """n + m units, each of the first n coupled to each of the last m by alpha/max(n, m) both ways.

    Args:
        n, m: sizes of the two sides, at least 1.
        alpha: row sum of the smaller side, the largest of W.

    Source: the model of arXiv:2202.02520.

    >>> bipartite(2, 3, "3/4").volume() == 1 - 2 * 3 * sympy.Rational(1, 4) ** 2
    True
    """
    first, second = whole(n, "n"), whole(m, "m")
    weight = exact(alpha, "alpha") / max(first, second)
    check_size(first + second, 2 * first * second)
    one, other = dict.fromkeys(range(first, first + second), weight), dict.fromkeys(range(first), weight)
    return _network([one] * first + [other] * second, options)


def torus(
    rows: int, columns: int, alpha: Any, neighbourhood: str = "moore", **options: Unpack[Options]
) -> Network:
    """rows x columns units on a torus, labelled (row, column), coupled to 8 or 4 neighbours by equal weights.

    Args:
        rows, columns: at least 2; on a torus two wide both sides are the same unit and their weights add.
        alpha: row sum of W, from 0 to below 1.
        neighbourhood: "moore", 8 neighbours with weight alpha/8, or "von_neumann", 4 with weight alpha/4.

    Source: arXiv:2202.02520.

    >>> net = torus(3, 4, "4/5", "von_neumann")
    >>> net.weights[net.index((0, 0)), net.index((2, 0))]
    1/5
    """
    height, width = whole(rows, "rows", at_least=2), whole(columns, "columns", at_least=2)
    moore = one_of(neighbourhood, "neighbourhood", ["moore", "von_neumann"]) == "moore"
    steps = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r or c) and (moore or not (r and c))]
    weight = exact(alpha, "alpha") / len(steps)
    places = ((r, c) for r in range(height) for c in range(width))
    items = (
        ((r * width + c, (r + down) % height * width + (c + right) % width), weight)
        for r, c in places
        for down, right in steps
    )
    check_size(height * width, height * width * len(steps))
    if options.get("labels") is None:
        options["labels"] = [(r, c) for r in range(height) for c in range(width)]
    return _network(_rows(height * width, items), options)


def feedforward(sizes: Sequence[int], alpha: Any, **options: Unpack[Options]) -> Network:
    """Layers of units, each receiving alpha/n from every one of the n units in the layer before.

    Args:
        sizes: number of units in each layer; units are numbered layer by layer.
        alpha: row sum of all layers but the first, from 0 to 1.

    Source: the model of arXiv:2202.02520.

    >>> feedforward([1, 2, 2], 1).volume()
    1
    """
    layers, total = block_sizes(sizes), exact(alpha, "alpha")
    ends = list(accumulate(layers, initial=0))
    check_size(ends[-1], sum(before * layer for before, layer in pairwise(layers)))
    rows: Rows = [{}] * layers[0]
    for (begin, end), size in zip(pairwise(ends), layers[1:], strict=False):
        rows += [dict.fromkeys(range(begin, end), total / (end - begin))] * size
    return _network(rows, options)


def populations(
    sizes: Sequence[int],
    weights: Any,
    *,
    leak: Any = None,
    thresholds: Any = None,
    **options: Unpack[Options],
) -> Network:
    """K blocks of interchangeable units; a unit of block a receives weights[a][b] from each unit of block b.

    A unit is one of its own block: it couples to itself by weights[a][a].

    Args:
        sizes: number of units in each block; units are numbered block by block.
        weights: K x K, row = receiving block.
        leak: one for all, or one for each block, a sequence or a mapping from block numbers; the thresholds
            follow as row sum + leak.
        thresholds: the same; 1 unless given, and not together with leak.

    Source: arXiv:2202.02520.

    >>> populations([2, 2], [["1/5", "1/10"], ["1/10", "1/5"]]).leak
    (2/5, 2/5, 2/5, 2/5)
    """
    counts = block_sizes(sizes)
    table, blocks = block_weights(weights, len(counts)), range(len(counts))
    if leak is not None and thresholds is not None:
        raise InvalidNetworkError("populations with both leak and thresholds: give one, the other follows")
    if leak is None:
        levels = one_or_many(1 if thresholds is None else thresholds, "thresholds", blocks, "block")
    else:
        sums = [sympy.Add(*(n * w for n, w in zip(counts, row, strict=True))) for row in table]
        levels = [
            total + s for total, s in zip(sums, one_or_many(leak, "leak", blocks, "block"), strict=True)
        ]
    size = sum(counts)
    check_size(size, size * size)
    block_of = [block for block, count in enumerate(counts) for _ in range(count)]
    rows = [{j: row[b] for j, b in enumerate(block_of)} for row in table]
    return _network([rows[block] for block in block_of], options, [levels[block] for block in block_of])


def generic(N: int, self_coupling: bool = False, **options: Unpack[Options]) -> Network:
    """N units with a symbol for every weight and every leak, so that formulas contain nothing else.

    Args:
        N: number of units. Unit 0 receives ``w_01`` from unit 1 (for N > 10: ``w_0_1``) and leaks
            ``s_0``; its threshold is its row sum + leak.
        self_coupling: whether units couple to themselves; no law of avalanches depends on it.

    Source: the model of arXiv:2202.02520.

    >>> generic(2).volume()
    s_0*s_1 + s_0*w_10 + s_1*w_01
    """
    size, with_self = whole(N, "N"), flag(self_coupling, "self_coupling")
    between = "" if size <= 10 else "_"
    _check_generic(size)
    rows = [
        {j: sympy.Symbol(f"w_{i}{between}{j}") for j in range(size) if with_self or i != j}
        for i in range(size)
    ]
    thresholds = [sympy.Add(sympy.Symbol(f"s_{i}"), *row.values()) for i, row in enumerate(rows)]
    return _network(rows, options, thresholds)


CATALOGUE: Mapping[str, Callable[..., Network]] = MappingProxyType(
    {
        family.__name__: family
        for family in (
            homogeneous,
            homogeneous_without_self,
            populations,
            ring,
            k_ring,
            directed_ring,
            line,
            star,
            bipartite,
            torus,
            feedforward,
            generic,
        )
    }
)


def from_spec(text: str) -> Network:
    """The network that a text such as ``"ring:N=10,alpha=4/5"`` names: a family, a colon, its parameters.

    Values are expressions of the grammar of :mod:`exactav.numbers.grammar`. Lists are separated by ``;``, the
    weights of populations row by row: ``"populations:sizes=2;2,weights=1/5;1/10;1/10;1/5"``.

    Raises:
        ParseError: the family or a parameter is unknown, missing or malformed; the message lists all.
        InvalidNetworkError: the parameters break a condition of the family or of the model.

    >>> from_spec("ring:N=10,alpha=4/5") == ring(10, "4/5")
    True
    """
    name, parameters = read_spec(text, CATALOGUE, _parameters)
    return CATALOGUE[name](**parameters)


def _parameters(name: str) -> dict[str, bool]:
    """The parameters of a family and whether each must be given."""
    named = {
        key: parameter.default is parameter.empty
        for key, parameter in inspect.signature(CATALOGUE[name]).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    return named | dict.fromkeys(Options.__annotations__, False)


def _network(rows: Rows, options: Options, thresholds: Any = 1) -> Network:
    return Network._from_rows(rows, thresholds=thresholds, **options)


def _rows(n_units: int, items: Iterable[_Item]) -> Rows:
    """The rows of these weights; those at one place add."""
    rows: Rows = [{} for _ in range(n_units)]
    for (i, j), weight in items:
        row = rows[i]
        row[j] = row[j] + weight if j in row else weight
    return rows


def _check_generic(size: int) -> None:
    """Nothing, if a network may be made of which each number is a polynomial in as many symbols."""
    n_symbols = number_of_units(size) ** 2
    check(
        f"a network of {size:,} units with {n_symbols:,} symbols",
        _GENERIC_SECONDS * n_symbols**2,
        _GENERIC_MEGABYTES * n_symbols**2,
        "make it smaller, or give numbers",
    )


def __dir__() -> list[str]:
    return __all__
