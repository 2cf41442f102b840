"""The sets that an avalanche can recruit on a lattice, up to translations and symmetries.

Units are numbers: that of the cell on a grid (:class:`.cells.Grid`) times c, plus which unit of the cell. A
set is a tuple of them in order, moved so that its first cell is the origin. Every set of L + 1 units that
some unit recruits from within has one unit, a leaf of a tree of recruiters, without which it is such a set of
L; so sets are found size by size.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

from exactav.lattices.cells import Cell, Grid, Position

Animal = tuple[int, ...]
_MOST_CUT = 10_000  # units that are looked at before a unit is taken not to be cut off from all leak
Map = Mapping[int, int]


class Links(NamedTuple):
    """Who receives from whom, as differences of numbers of units."""

    n_kinds: int
    receivers: tuple[tuple[tuple[int, int], ...], ...]  # of a sender: (difference, weight, a whole number)
    senders: tuple[tuple[int, ...], ...]  # of a receiver: differences
    leaks: tuple[bool, ...]  # which kinds of units have some

    @classmethod
    def of(cls, cell: Cell, grid: Grid) -> "Links":
        found: list[list[tuple[int, int]]] = [[] for _ in range(cell.n_units)]
        senders: list[list[int]] = [[] for _ in range(cell.n_units)]
        for (i, j, x), weight in cell.weights.items():
            difference = grid.number(x) * cell.n_units + i - j
            if difference:  # what a unit sends to itself makes no tree
                found[j].append((difference, int(weight * cell.denominator)))
                senders[i].append(-difference)
        leaks = tuple(bool(leak) for leak in cell.leak)
        return cls(cell.n_units, tuple(map(tuple, found)), tuple(map(tuple, senders)), leaks)

    def around(self, animal: Animal) -> dict[int, list[tuple[int, int]]]:
        """The other units that receive from a set: (sender, weight) of each."""
        found: dict[int, list[tuple[int, int]]] = {}
        inside = set(animal)
        for sender in animal:
            for difference, weight in self.receivers[sender % self.n_kinds]:
                unit = sender + difference
                if unit not in inside:
                    found.setdefault(unit, []).append((sender, weight))
        return found

    def has_no_forest(self, animal: Animal, around: Iterable[int]) -> bool:
        """Whether a set cuts some unit ``around`` it off from all leak, so that no forest spans the others.

        Any unit that is cut off leads to one that receives from the set.
        """
        if all(self.leaks):
            return False
        inside = set(animal)
        for unit in around:
            seen, waiting = {unit}, [unit]
            while waiting and len(seen) <= _MOST_CUT and not self.leaks[waiting[-1] % self.n_kinds]:
                receiver = waiting.pop()
                more = {receiver + d for d in self.senders[receiver % self.n_kinds]} - inside - seen
                seen |= more
                waiting += more
            if not waiting:
                return True
        return False


def grid_for(cell: Cell, up_to: int) -> Grid:
    """A grid on which sets of so many units, and those around them, are told apart."""
    return Grid([(up_to + 1) * r for r in cell.reach])


def moved(animal: list[int], n_kinds: int) -> Animal:
    """In order, with the first cell at the origin."""
    animal.sort()
    base = animal[0] // n_kinds * n_kinds
    return tuple(unit - base for unit in animal)


def symmetries(cell: Cell) -> list[list[Position]]:
    """The linear maps of the cells, as the images of the axes, that leave all weights as they are.

    Of a lattice with one unit a cell; of others, the identity alone.
    """
    identity = [tuple(int(a == b) for b in cell.axes) for a in cell.axes]
    weights = {x: weight for (_, _, x), weight in cell.weights.items() if any(x)}
    basis = _basis(list(weights), cell.dimension)
    if cell.n_units > 1 or basis is None:
        return [identity]
    vectors, columns = basis
    found = []
    for images in permutations(weights, cell.dimension):
        if any(weights[x] != weights[y] for x, y in zip(vectors, images, strict=True)):
            continue
        if _rank(list(images)) < cell.dimension:
            continue
        # the map that takes the basis to the images: axis = sum of columns times basis vectors
        axes = [
            [sum((c * y[a] for c, y in zip(row, images, strict=True)), Fraction(0)) for a in cell.axes]
            for row in columns
        ]
        if any(value.denominator > 1 for axis in axes for value in axis):
            continue
        whole = [tuple(map(int, axis)) for axis in axes]
        if all(weights.get(_image(whole, x)) == weight for x, weight in weights.items()):
            found.append(whole)
    return found


def _image(axes: list[Position], x: Position) -> Position:
    return tuple(sum(r * axis[a] for r, axis in zip(x, axes, strict=True)) for a in range(len(x)))


def _basis(vectors: list[Position], dimension: int) -> tuple[list[Position], list[list[Fraction]]] | None:
    """Independent vectors, and each axis as a combination of them; None if they do not span."""
    chosen: list[Position] = []
    for x in vectors:
        if _rank([*chosen, x]) > len(chosen):
            chosen.append(x)
    if len(chosen) < dimension:
        return None
    rows = [
        [*map(Fraction, x), *(Fraction(int(i == j)) for j in range(dimension))] for i, x in enumerate(chosen)
    ]
    _reduce(rows, dimension)
    return chosen, [row[dimension:] for row in rows]


def _rank(vectors: list[Position]) -> int:
    rows = [[Fraction(a) for a in x] for x in vectors]
    return _reduce(rows, len(vectors[0]))


def _reduce(rows: list[list[Fraction]], width: int) -> int:
    """Bring rows to echelon form in place; the rank of their first ``width`` columns."""
    rank = 0
    for column in range(width):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        head = rows[rank][column]
        rows[rank] = [value / head for value in rows[rank]]
        for i, row in enumerate(rows):
            if i != rank and row[column]:
                rows[i] = [x - row[column] * y for x, y in zip(row, rows[rank], strict=True)]
        rank += 1
    return rank


def animals(cell: Cell, grid: Grid, starts: list[int]) -> Iterator[dict[Animal, int]]:
    """Size by size: one set of each class of sets that units of these kinds recruit -> how many are in it.

    Translations are not counted. The iterator ends where there are no larger sets.
    """
    links, kinds = Links.of(cell, grid), cell.n_units
    maps = [_map(axes, grid) for axes in symmetries(cell)]

    def images(animal: Animal) -> set[Animal]:
        if kinds > 1 or len(maps) == 1:
            return {animal}
        return {moved([image[unit] for unit in animal], 1) for image in maps}

    layer = {moved([kind], kinds): 1 for kind in starts}
    while layer:
        yield layer
        following: dict[Animal, int] = {}
        seen: set[Animal] = set()
        for animal in layer:
            for unit in links.around(animal):
                larger = moved([*animal, unit], kinds)
                if larger in seen:
                    continue
                alike = images(larger)
                first = min(alike)
                seen.add(larger)
                following[first] = len(alike)
        layer = following


def _map(axes: list[Position], grid: Grid) -> dict[int, int]:
    """Cells and their images, as far as these are on the grid."""
    found = {}
    for number in range(-grid.middle, grid.n_cells - grid.middle):
        image = _image(axes, grid.position(number))
        if all(abs(x) <= r for x, r in zip(image, grid.reach, strict=True)):
            found[number] = grid.number(image)
    return found
