"""Random networks of every kind of structure, of numbers, of drive and of labels."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import sympy

import exactav as ea

Edges = set[tuple[int, int]]  # (receiver, sender)


class Drawn(NamedTuple):
    """A network and how it was made: its structure and its numbers."""

    kind: str
    network: ea.Network


def _both(pairs: Sequence[tuple[int, int]]) -> Edges:
    return {(i, j) for i, j in pairs} | {(j, i) for i, j in pairs}


def _grid(dice: Random, n: int) -> Edges:
    width = max(2, round(n**0.5))
    right = [(i, i + 1) for i in range(n - 1) if (i + 1) % width]
    return _both([*right, *((i, i + width) for i in range(n - width))])


def _tree(dice: Random, n: int) -> Edges:
    return _both([(i, dice.randrange(max(0, i - 4), i)) for i in range(1, n)])


def _parts(dice: Random, n: int) -> Edges:
    """Two networks side by side."""
    cut = dice.randint(1, n - 1) if n > 1 else 1
    first, second = _sparse(dice, cut), _sparse(dice, n - cut) if n > cut else set()
    return first | {(i + cut, j + cut) for i, j in second}


def _sparse(dice: Random, n: int) -> Edges:
    return {(dice.randrange(n), dice.randrange(n)) for _ in range(2 * n)}


def _layers(dice: Random, n: int) -> Edges:
    layer = sorted(dice.randrange(3) for _ in range(n))
    return {(i, j) for i in range(n) for j in range(n) if layer[i] == layer[j] + 1}


def _sides(dice: Random, n: int) -> Edges:
    cut = dice.randint(1, max(1, n - 1))
    return _both([(i, j) for i in range(cut) for j in range(cut, n)])


def _k_ring(dice: Random, n: int) -> Edges:
    return _both([(i, (i + step) % n) for i in range(n) for step in (1, 2) if n > 1 and (i + step) % n != i])


STRUCTURES: dict[str, Callable[[Random, int], Edges]] = {
    "dense": lambda dice, n: {(i, j) for i in range(n) for j in range(n) if dice.random() < 0.8},
    "sparse": _sparse,
    "tree": _tree,
    "ring": lambda dice, n: _both([(i, (i + 1) % n) for i in range(n) if n > 1]),
    "line": lambda dice, n: _both([(i, i + 1) for i in range(n - 1)]),
    "star": lambda dice, n: _both([(0, i) for i in range(1, n)]),
    "grid": _grid,
    "bipartite": _sides,
    "layers": _layers,
    "directed ring": lambda dice, n: {((i + 1) % n, i) for i in range(n) if n > 1},
    "directed tree": lambda dice, n: {(i, dice.randrange(i)) for i in range(1, n)},
    "parts": _parts,
    "second neighbours": _k_ring,
    "blocks": lambda dice, n: {(i, j) for i in range(n) for j in range(n)},
    "no edges": lambda dice, n: set(),
}
_LARGE = {"tree", "ring", "line", "star", "directed ring", "directed tree", "blocks", "grid", "bipartite"}


def _plain(dice: Random) -> sympy.Expr:
    below = dice.randint(1, 7)
    return sympy.Rational(dice.randint(1, below + 1), below)


_NUMBERS: dict[str, Callable[[Random], sympy.Expr]] = {
    "plain": _plain,
    "whole": lambda dice: sympy.Integer(dice.randint(1, 3)),
    "long": lambda dice: sympy.Rational(dice.randint(1, 10**30), dice.randint(10**29, 10**30)),
    "far apart": lambda dice: sympy.Rational(10) ** dice.randint(-12, 12) * dice.randint(1, 9),
    "roots": lambda dice: _plain(dice) * dice.choice([sympy.sqrt(2), 1 + sympy.sqrt(2), sympy.Integer(1)]),
    "symbols": lambda dice: _plain(dice) * dice.choice([*sympy.symbols("a b"), sympy.Integer(1)]),
}
_LABELS: list[Any] = [
    *("a,b", "=1+1", "é", "x y", "<b>&", "%$#_{}^\\", "0", "\N{HEBREW LETTER ALEF}", '"q"', "-1", "None"),
    *(
        0,
        -1,
        10**20,
        1.5,
        Fraction(1, 3),
        (1, "t"),
        frozenset({"s"}),
        "a" * 90,
        "\u202eb",
        "tab\tb",
        "c\x1b[1m",
    ),
]


def draw(dice: Random) -> Drawn:
    """Any network; most have few units, so that oracles can follow."""
    structure = dice.choice([*STRUCTURES])
    numbers = dice.choices([*_NUMBERS], [8, 4, 1, 1, 1, 1])[0]
    n = dice.choices([dice.randint(1, 5), dice.randint(6, 10), dice.randint(11, 40)], [75, 20, 5])[0]
    if numbers in ("roots", "symbols"):
        n = min(n, 3)
    elif n > 10 and (structure not in _LARGE or numbers != "plain"):
        n = dice.randint(6, 9)
    number = _NUMBERS[numbers]
    if dice.random() < 0.3:  # one weight, and one leak, for all
        one = number(dice)
        number = lambda dice: one  # noqa: E731
    edges = {(i, i) for i in range(n) if dice.random() < 0.2} | STRUCTURES[structure](dice, n)
    blocks = [dice.randrange(3) for _ in range(n)] if structure == "blocks" else [*range(n)]
    of_blocks: dict[tuple[int, int], sympy.Expr] = {}
    entries = {(i, j): of_blocks.setdefault((blocks[i], blocks[j]), number(dice)) for i, j in sorted(edges)}
    entries = {
        place: weight for place, weight in entries.items() if dice.random() < 0.97 or structure == "blocks"
    }
    leak_of_block = {
        block: number(dice) if dice.random() < 0.7 else sympy.Integer(0) for block in set(blocks)
    }
    leak = [leak_of_block[block] for block in blocks]
    open_leaks(entries, leak)
    return Drawn(f"{structure}, {numbers}", _dressed(dice, n, entries, leak, numbers))


def _dressed(
    dice: Random, n: int, entries: dict[tuple[int, int], sympy.Expr], leak: list[sympy.Expr], numbers: str
) -> ea.Network:
    """With thresholds, drive, increment and labels."""
    thresholds = [sympy.Add(lost, *(entries.get((i, j), 0) for j in range(n))) for i, lost in enumerate(leak)]
    if numbers != "symbols" and dice.random() < 0.4:  # all thresholds 1
        entries = {(i, j): sympy.radsimp(weight / thresholds[i]) for (i, j), weight in entries.items()}
        leak = [sympy.radsimp(lost / threshold) for lost, threshold in zip(leak, thresholds, strict=True)]
        thresholds = [sympy.Integer(1)] * n
    drive = None
    if dice.random() < 0.5:
        shares = [dice.randint(0, 3) for _ in range(n)]
        shares[dice.randrange(n)] += 1
        drive = [sympy.Rational(share, sum(shares)) for share in shares]
    increment = None
    driven = [lost for k, lost in enumerate(leak) if drive is None or drive[k]]
    if numbers != "symbols" and dice.random() < 0.7:
        least = min(driven, key=float)
        factor = dice.choice([1, 1, sympy.Rational(1, 2), sympy.Rational(2, 3), 3])
        increment = least * factor or (sympy.Rational(1, 2) if dice.random() < 0.3 else None)
    labels: list[Any] | None = None
    if n <= len(_LABELS) and dice.random() < 0.3:
        labels = dice.sample(_LABELS, n)
    elif dice.random() < 0.3:
        labels = [f"u{i}" for i in range(n)]
    return ea.Network.from_entries(
        n, entries, thresholds=thresholds, drive=drive, increment=increment, labels=labels
    )


def open_leaks(entries: dict[tuple[int, int], Any], leak: list[Any]) -> None:
    """Give leak 1 to closed units, one by one, until every unit has a path i <- j ... to one with leak."""
    leaking = {i for i, lost in enumerate(leak) if lost}
    while True:
        while grown := {i for (i, j), weight in entries.items() if weight and j in leaking} - leaking:
            leaking |= grown
        closed = [i for i in range(len(leak)) if i not in leaking]
        if not closed:
            return
        leak[closed[0]] = sympy.Integer(1)
        leaking.add(closed[0])
