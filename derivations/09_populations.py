r"""Derivation 09: the populations of interchangeable units.

Statement
    K populations of n_1, ..., n_K units; every unit of population b sends w_ab to every unit of a, itself
    included; units of a leak s_a. For external weights x and counts c let e_a = x_a + sum_b c_b w_ab and

        Phi(x; c) = prod_{c_a > 0} e_a^(c_a - 1) det(diag(e_a) - [w_ab c_b])  over the a, b with c > 0.

    Then Phi(s; c) is the forest weight of c units, Phi(w_r; l - 1_r) the tree weight of l units rooted in
    population r, w_r the weights w_ar from it, and an avalanche that starts in r has composition l with
    probability

        prod_a C(n_a - [a = r], l_a - [a = r]) Phi(w_r; l - 1_r) Phi(s; n - l) / Phi(s + w_r; n - 1_r).

    Two equal populations, the complete bipartite network, chains of layers and the star are such networks.

Assumptions
    w_ab >= 0, s_a >= 0, the network as a whole leaks (det M > 0).

Source
    arXiv:2202.02520.

Run as ``python derivations/09_populations.py``.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from math import comb, prod
from typing import Any, TypeAlias

import sympy
from sympy import Eq, Max, Min, Piecewise, Sum, binomial

import exactav as ea
from exactav.formulas.sums import of_size
from exactav.proofs import Blocks, Check, eigenvalues, exactly, identity, induction, several, telescoping
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import LEAK, determinant, laplacian, weight, without

Counts: TypeAlias = tuple[int, ...]
Row: TypeAlias = Sequence[sympy.Expr]
Weights: TypeAlias = Callable[[int, int], sympy.Expr]
Put: TypeAlias = Mapping[sympy.Symbol, sympy.Expr]

POPULATIONS = (1, 2, 3)  # K, for each of which all counts are symbols below
STARTS = [(k, r) for k in POPULATIONS for r in range(k)]

N, L = sympy.symbols("N L", integer=True)
n, m, l1, l2, i, j = sympy.symbols("n m l_1 l_2 i j", integer=True, nonnegative=True)
el = sympy.Symbol("l", integer=True, nonnegative=True)
K = sympy.Symbol("K", integer=True, positive=True)
a, b, p, v, alpha = sympy.symbols("a b p v alpha")


# Populations in symbols


def w(a: int, b: int) -> sympy.Symbol:
    """What a unit of population a receives from one of b."""
    return sympy.Symbol(f"w_{a + 1}{b + 1}")


def s(a: int) -> sympy.Symbol:
    """The leak of the units of population a."""
    return sympy.Symbol(f"s_{a + 1}")


def leaks(k: int) -> list[sympy.Expr]:
    """s_1 .. s_k"""
    return [s(a) for a in range(k)]


def sums(k: int) -> list[sympy.Expr]:
    """e_1 .. e_k, free symbols, since leaks are."""
    return [sympy.Symbol(f"e_{a + 1}") for a in range(k)]


def numbers(letter: str, k: int) -> list[sympy.Symbol]:
    """Symbols for whole numbers of units."""
    return [sympy.Symbol(f"{letter}_{a + 1}", integer=True, nonnegative=True) for a in range(k)]


def into(r: int, k: int, weights: Weights = w) -> list[sympy.Expr]:
    """w_r: what a unit of each population receives from one of r."""
    return [weights(a, r) for a in range(k)]


def less(counts: Row, r: int) -> list[sympy.Expr]:
    """counts - 1_r"""
    return [count - int(a == r) for a, count in enumerate(counts)]


def minus(more: Row, counts: Row) -> list[sympy.Expr]:
    """more - counts"""
    return [x - y for x, y in zip(more, counts, strict=True)]


def plus(one: Row, other: Row) -> list[sympy.Expr]:
    """one + other"""
    return [x + y for x, y in zip(one, other, strict=True)]


def received(counts: Row, base: Row, weights: Weights = w) -> list[sympy.Expr]:
    """base_a + sum_b counts_b w_ab."""
    every = range(len(counts))
    return [base[a] + sympy.Add(*(counts[b] * weights(a, b) for b in every)) for a in every]


def units(counts: Row, diagonal: Row, weights: Weights = w) -> Blocks:
    """One row for each unit: ``diagonal`` of its population on the diagonal, less w_ab everywhere."""
    every = range(len(counts))
    return Blocks.of(counts, diagonal, [[-weights(a, b) for b in every] for a in every])


def quotient(counts: Row, diagonal: Row, weights: Weights = w) -> sympy.Matrix:
    """diag(diagonal) - [w_ab counts_b]"""
    every = range(len(counts))
    return sympy.diag(*diagonal) - sympy.Matrix(
        len(counts), len(counts), [weights(a, b) * counts[b] for a in every for b in every]
    )


def phi(base: Row, counts: Row, weights: Weights = w) -> sympy.Expr:
    """Phi(base; counts), all populations with units."""
    return product_form(counts, received(counts, base, weights), weights)


def product_form(counts: Row, diagonal: Row, weights: Weights = w, *, power: int = 1) -> sympy.Expr:
    """prod e_a^(c_a - 1) det(diag(e) - [w_ab c_b])."""
    own = [e ** (count - power) for e, count in zip(diagonal, counts, strict=True)]
    return sympy.Mul(determinant(quotient(counts, diagonal, weights)), *own)


def with_empty(base: Row, counts: Row) -> sympy.Expr:
    """Phi(base; counts) where populations may be empty: e_a = 1 for these, and the determinant stays one."""
    totals = zip(received(counts, base), counts, strict=True)
    diagonal = [Piecewise((1, count <= 0), (total, True)) for total, count in totals]
    own = [e ** (count - 1) for e, count in zip(diagonal, counts, strict=True)]
    return sympy.Mul(*own) * sympy.Determinant(sympy.ImmutableMatrix(quotient(counts, diagonal)))


# Units one by one


def listed(counts: Counts, *, leak: bool) -> sympy.Matrix:
    """The Laplacian of units one by one, from its definition; plus their leaks."""
    member = [a for a, count in enumerate(counts) for _ in range(count)]
    every = range(len(member))
    named = {weight(i, j): w(member[i], member[j]) for i in every for j in every}
    named |= {weight(i, LEAK): s(member[i]) for i in every}
    return laplacian(every, leak=leak).subs(named, simultaneous=True)


def at(expr: sympy.Expr, letter: str, counts: Counts) -> sympy.Expr:
    """With numbers of units."""
    return sympy.expand(sympy.cancel(expr.subs(dict(zip(numbers(letter, len(counts)), counts, strict=True)))))


def all_counts(largest: Sequence[int]) -> list[Counts]:
    """All count vectors up to ``largest`` but the empty one."""
    return [counts for counts in product(*(range(size + 1) for size in largest)) if any(counts)]


SHAPES: list[Counts] = [*all_counts((3, 2)), (1, 1, 1), (2, 1, 1), (1, 0, 2)]
FULL = [counts for counts in SHAPES if all(counts)]


def shapes(k: int) -> list[Counts]:
    """Counts of k populations with units in each, or numbers of one population."""
    return [(1,), (2,), (4,)] if k == 1 else [counts for counts in FULL if len(counts) == k]


def present(counts: Counts, values: Row) -> list[sympy.Expr]:
    """The values of the populations that have units."""
    return [value for value, count in zip(values, counts, strict=True) if count]


def numeric(base: Row, counts: Counts) -> sympy.Expr:
    """Phi(base; counts) at numbers, over the populations that have units."""
    inside = [a for a, count in enumerate(counts) if count]
    here = [sympy.Integer(counts[a]) for a in inside]
    return sympy.cancel(phi(present(counts, base), here, lambda x, y: w(inside[x], inside[y])))


def listed_forests() -> Check:
    """Phi(s; c) against determinants with a row for each unit."""
    return exactly(
        "determinants for 14 count vectors of two and three populations, some empty",
        SHAPES,
        lambda c: sympy.expand(determinant(listed(c, leak=True))),
        lambda c: sympy.expand(numeric(leaks(len(c)), c)),
    )


def listed_trees() -> Check:
    """Phi(w_r; l - 1_r) against the determinant of the Laplacian without the root's row and column."""
    return exactly(
        "determinants for the same counts and every root",
        [(counts, r) for counts in SHAPES for r in range(len(counts)) if counts[r]],
        lambda case: sympy.expand(determinant(without(listed(case[0], leak=False), sum(case[0][: case[1]])))),
        lambda case: sympy.expand(numeric(into(case[1], len(case[0])), fewer(*case))),
    )


def listed_minors() -> Check:
    """Phi(s + w_r; n - 1_r) against det(M without one unit of r)."""
    return exactly(
        "minors for five sizes and starts",
        [((2, 1), 0), ((2, 1), 1), ((2, 2), 0), ((1, 3), 0), ((1, 1, 2), 2)],
        lambda case: sympy.expand(determinant(without(listed(case[0], leak=True), sum(case[0][: case[1]])))),
        lambda case: sympy.expand(normaliser(*case)),
    )


def fewer(counts: Counts, r: int) -> Counts:
    """counts - 1_r, as numbers."""
    return tuple(count - (a == r) for a, count in enumerate(counts))


def normaliser(sizes: Counts, r: int) -> sympy.Expr:
    """Phi(s + w_r; n - 1_r) at numbers."""
    return numeric(plus(leaks(len(sizes)), into(r, len(sizes))), fewer(sizes, r))


# Weights of trees and forests


def forests(claim: str, *, power: int) -> Check:
    """det(L[C] + s) by its eigenvalues; e_a^(c_a - ``power``), 1 is right."""
    return several(
        claim,
        *(
            eigenvalues(
                f"K = {k}, all counts",
                units(c, received(c, leaks(k))),
                determinant=product_form(c, received(c, leaks(k)), power=power),
                of=lambda *c: listed(c, leak=True),
                of_sizes=shapes(k),
            )
            for k in POPULATIONS
            for c in [numbers("c", k)]
        ),
        *(
            identity(
                f"without units, population {empty + 1} of {k} drops out, whatever e it is given",
                partial(product_form, replaced(c, empty), sums(k)),
                partial(rest_of, c, sums(k), empty),
            )
            for k, empty in STARTS
            for c in [numbers("c", k)]
        ),
    )


def replaced(counts: Row, empty: int) -> list[sympy.Expr]:
    """The counts with 0 for a population."""
    return [sympy.S.Zero if a == empty else count for a, count in enumerate(counts)]


def rest_of(counts: Row, diagonal: Row, empty: int) -> sympy.Expr:
    """The product form of all other populations."""
    inside = [a for a in range(len(counts)) if a != empty]
    rest, e = ([part[a] for a in inside] for part in (counts, diagonal))
    return product_form(rest, e, lambda x, y: w(inside[x], inside[y]))


def trees(claim: str, *, rooted: bool) -> Check:
    """det L[A] without a unit of r; ``rooted``: with the weights into the root."""
    return several(
        claim,
        *(
            eigenvalues(
                f"K = {k}, root in population {r + 1}, all counts",
                units(c, received(c, [sympy.S.Zero] * k)).without(r),
                determinant=phi(into(r, k) if rooted else [sympy.S.Zero] * k, less(c, r)),
            )
            for k, r in STARTS
            for c in [numbers("l", k)]
        ),
    )


def minors(claim: str, *, with_start: bool) -> Check:
    """det(M without a unit of r); ``with_start``: which stays as a leak."""
    return several(
        claim,
        *(
            eigenvalues(
                f"K = {k}, start in population {r + 1}, all counts",
                units(c, received(c, leaks(k))).without(r),
                determinant=phi(plus(leaks(k), into(r, k)) if with_start else leaks(k), less(c, r)),
            )
            for k, r in STARTS
            for c in [numbers("n", k)]
        ),
    )


# The law of compositions


def ways(sizes: Row, counts: Row) -> sympy.Expr:
    """prod C(n_a, l_a)"""
    return sympy.Mul(*map(binomial, sizes, counts))


def compositions(claim: str, *, start_counts: bool) -> Check:
    """Sets times tree and forest over minor, by blocks, in the closed form; ``start_counts``: the start is
    not chosen."""

    def by_blocks(k: int) -> sympy.Expr:
        sizes, counts = numbers("n", k), numbers("l", k)
        tree = units(counts, received(counts, [sympy.S.Zero] * k)).without(0).determinant()
        forest = units(minus(sizes, counts), received(minus(sizes, counts), leaks(k))).determinant()
        below = units(sizes, received(sizes, leaks(k))).without(0).determinant()
        chosen = [less(part, 0) if start_counts else part for part in (sizes, counts)]
        return ways(*chosen) * tree * forest / below

    return several(
        claim,
        *(
            identity(
                f"K = {k}, all counts; populations are numbered from that of the start on",
                partial(by_blocks, k),
                partial(given_start, k, 0, phi),
            )
            for k in POPULATIONS
        ),
        identity(
            "K = 1, w = s = 1: N det M P(L) of the sandpile",
            lambda: (N * binomial(N - 1, L - 1) * phi([1], [L - 1]) * phi([1], [N - L])).subs(w(0, 0), 1),
            sandpile,
        ),
    )


def given_start(k: int, r: int, weight: Callable[[Row, Row], sympy.Expr]) -> sympy.Expr:
    """P(l | r); ``weight`` is Phi."""
    sizes, counts = numbers("n", k), numbers("l", k)
    tree, forest = weight(into(r, k), less(counts, r)), weight(leaks(k), minus(sizes, counts))
    return ways(less(sizes, r), less(counts, r)) * tree * forest / minor(k, r, weight)


def minor(k: int, r: int, weight: Callable[[Row, Row], sympy.Expr]) -> sympy.Expr:
    """D_r = Phi(s + w_r; n - 1_r)"""
    return weight(plus(leaks(k), into(r, k)), less(numbers("n", k), r))


def sandpile() -> sympy.Expr:
    """Recurrent states and starts of the complete graph with a sink that set off L units."""
    return N * binomial(N - 1, L - 1) * L ** (L - 2) * (N - L + 1) ** (N - L - 1)


NUMBERS = {w(0, 0): "1/9", w(0, 1): "2/7", w(1, 0): "1/5", w(1, 1): 0, s(0): "1/3", s(1): "2/3"}
VALUES = {symbol: sympy.Rational(value) for symbol, value in NUMBERS.items()}


def network(sizes: Counts) -> ea.Network:
    """Two populations with the numbers above, asymmetric, one without coupling inside."""
    weights = [[VALUES[w(a, b)] for b in range(2)] for a in range(2)]
    return ea.families.populations(sizes, weights, leak=[VALUES[s(0)], VALUES[s(1)]])


def assembly_laws() -> Check:
    """The law of compositions against the assembly law of exactav, set by set."""

    def from_sets(case: tuple[Counts, int]) -> dict[Counts, sympy.Rational]:
        sizes, r = case
        totals: Counter[Counts] = Counter()
        for assembly, probability in ea.assembly_law(network(sizes), start=sum(sizes[:r])).items():
            first = len(assembly & frozenset(range(sizes[0])))
            totals[first, len(assembly) - first] += probability
        return dict(totals)

    def closed(case: tuple[Counts, int]) -> dict[Counts, sympy.Rational]:
        sizes, r = case
        below = normaliser(sizes, r).subs(VALUES)
        law = {}
        for counts in all_counts(sizes):
            if counts[r]:
                fixed = [int(a == r) for a in range(2)]
                sets = prod(comb(sizes[a] - fixed[a], counts[a] - fixed[a]) for a in range(2))
                rest = tuple(size - count for size, count in zip(sizes, counts, strict=True))
                tree, forest = numeric(into(r, 2), fewer(counts, r)), numeric(leaks(2), rest)
                if found := sets * (tree * forest).subs(VALUES):
                    law[counts] = found / below
        return law

    cases = [(sizes, r) for sizes in ((1, 1), (2, 1), (2, 3), (4, 2)) for r in (0, 1)]
    return exactly(
        "assembly laws of exactav for up to six units, asymmetric weights", cases, from_sets, closed
    )


def overall(claim: str, *, weighted: bool) -> Check:
    """The law of all starts from that of each; ``weighted``: by how often one starts."""
    tree, below, forest = sympy.symbols("T:3"), sympy.symbols("D:3"), sympy.Symbol("F")

    def total(k: int) -> sympy.Expr:
        """sum_r n_r D_r"""
        return sympy.Add(*(size * below[r] for r, size in enumerate(numbers("n", k))))

    def mixed(k: int) -> sympy.Expr:
        sizes, counts = numbers("n", k), numbers("l", k)
        return sympy.Add(
            *(
                (sizes[r] * below[r] if weighted else sizes[r])
                * ways(less(sizes, r), less(counts, r))
                * tree[r]
                * forest
                / below[r]
                for r in range(k)
            )
        ) / (total(k) if weighted else sympy.Add(*sizes))

    def closed(k: int) -> sympy.Expr:
        sizes, counts = numbers("n", k), numbers("l", k)
        trees = sympy.Add(*(counts[r] * tree[r] for r in range(k)))
        return ways(sizes, counts) * trees * forest / total(k)

    return several(
        claim,
        *(identity(f"K = {k}", partial(mixed, k), partial(closed, k)) for k in POPULATIONS),
    )


def any_start(weight: Callable[[Row, Row], sympy.Expr]) -> sympy.Expr:
    """P(l) of two populations; ``weight`` is Phi."""
    sizes, counts = numbers("n", 2), numbers("l", 2)
    forest = weight(leaks(2), minus(sizes, counts))
    return ways(sizes, counts) * all_trees(weight) * forest / all_minors(weight)


def all_trees(weight: Callable[[Row, Row], sympy.Expr]) -> sympy.Expr:
    """sum_r l_r T_r of two populations."""
    counts = numbers("l", 2)
    return sympy.Add(*(count * weight(into(r, 2), less(counts, r)) for r, count in enumerate(counts)))


def all_minors(weight: Callable[[Row, Row], sympy.Expr]) -> sympy.Expr:
    """sum_r n_r D_r of two populations."""
    return sympy.Add(*(size * minor(2, r, weight) for r, size in enumerate(numbers("n", 2))))


def of_total(
    composition: sympy.Expr, parts: Iterable[tuple[sympy.Symbol, sympy.Expr]], total: Any
) -> sympy.Expr:
    """The sum of a law of compositions over counts up to their largest values that add up to ``total``."""
    found, (last, rest) = of_size(composition, list(parts), total)
    return found.xreplace({last: rest})


# Two equal populations, and two sides

EQUAL: Put = {
    **{w(0, 0): a, w(1, 1): a, w(0, 1): b, w(1, 0): b},
    **dict.fromkeys(leaks(2), 1 - n * (a + b)),
    **dict.fromkeys(numbers("n", 2), n),
}
SIDES: Put = {
    **{w(0, 0): sympy.S.Zero, w(1, 1): sympy.S.Zero, w(0, 1): v, w(1, 0): v},
    **{s(0): 1 - m * v, s(1): 1 - n * v},
    **dict(zip(numbers("n", 2), (n, m), strict=True)),
}


def factors(values: Put) -> list[sympy.Expr]:
    """Trees of all starts, forests, and minors of all starts of two populations with such weights."""
    found = (all_trees(phi), phi(leaks(2), minus(numbers("n", 2), numbers("l", 2))), all_minors(phi))
    return [part.subs(values, simultaneous=True) for part in found]


def law_of(chosen: sympy.Expr, trees: sympy.Expr, forest: sympy.Expr, below: sympy.Expr) -> sympy.Expr:
    """P(l) from its factors."""
    return chosen * trees * forest / below


def equal_trees(first: sympy.Expr, second: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """Of units of both populations, and of one."""
    inner = (a * first + b * second) ** (first - 1) * (a * second + b * first) ** (second - 1)
    return b * (first + second) * inner, (a * (first + second)) ** (first + second - 1)


def equal_forest(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """Of the units that do not fire."""
    leak = 1 - n * (a + b)
    own = (1 - a * first - b * second) ** (n - first - 1) * (1 - b * first - a * second) ** (n - second - 1)
    return leak * (leak + b * (2 * n - first - second)) * own


def equal_below() -> sympy.Expr:
    """sum_r n_r D_r"""
    return 2 * (1 - n * a + (n - 1) * ((1 - n * a) ** 2 - (n * b) ** 2))


def equal_law(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """P(l) of two equal populations."""
    both, one = equal_trees(first, second)
    trees = Piecewise((one, Eq(first * second, 0)), (both, True))
    return law_of(binomial(n, first) * binomial(n, second), trees, equal_forest(first, second), equal_below())


def equal_populations(claim: str, across: sympy.Expr) -> Check:
    """Two populations with the same weights; ``across`` is b if the trees are right."""
    both, one = equal_trees(l1, l2)
    return several(
        claim,
        identity(
            "units of both, all counts",
            lambda: factors(EQUAL),
            lambda: [both * across / b, equal_forest(l1, l2), equal_below()],
        ),
        identity(
            "trees of units of one population",
            lambda: l1 * phi([a], [l1 - 1], lambda *_: a),
            lambda: one.subs(l2, 0),
        ),
    )


def side_trees(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """Trees of all starts together, with 0^0 = 1."""
    both = first + second
    return both * v ** (both - 1) * first ** (second - 1) * second ** (first - 1)


def side_forest(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """Forests of the units of both sides that do not fire."""
    own = (1 - v * second) ** (n - first - 1) * (1 - v * first) ** (m - second - 1)
    return own * ((1 - m * v) * (1 - v * first) + (1 - n * v) * v * (m - second))


def side_below(shift: int = 2) -> sympy.Expr:
    """sum_r n_r D_r; ``shift`` = 2 is right."""
    return n + m - n * m * (n + m - shift) * v**2


def side_law(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """P(l) of the complete bipartite network in v."""
    return law_of(
        binomial(n, first) * binomial(m, second),
        side_trees(first, second),
        side_forest(first, second),
        side_below(),
    )


def sides(claim: str, shift: int) -> Check:
    """The complete bipartite network; ``shift`` = 2 is right."""
    counts = (sympy.S.One, i + 2)
    return several(
        claim,
        identity(
            "units of both sides, all counts",
            lambda: factors(SIDES),
            lambda: [side_trees(l1, l2), side_forest(l1, l2), side_below(shift)],
        ),
        identity(
            "trees of one unit, and of i + 2 units of one side: 1, and none",
            lambda: [c * phi([p], [c - 1], lambda *_: p).subs(p, 0) for c in counts],
            lambda: [side_trees(c, sympy.S.Zero) for c in counts],
        ),
    )


def with_largest(expr: sympy.Expr) -> sympy.Expr:
    """With v = alpha/max(n, m)."""
    return expr.xreplace({v: alpha / Max(m, n)})


# Mean counts


def columns(k: int) -> list[list[sympy.Expr]]:
    """H_a of each start r: row by row the inverse of diag(e_a) - [n_a w_ab], by cofactors."""
    sizes, e = numbers("n", k), sums(k)
    matrix = sympy.Matrix(k, k, lambda a, b: (e[a] if a == b else 0) - sizes[a] * w(a, b))
    total = determinant(matrix)
    adjugate = matrix.adjugate(method="berkowitz")
    return [[adjugate[a, r] / total for r in range(k)] for a in range(k)]


def diagonal_green(k: int, r: int) -> sympy.Expr:
    """G_kk = H_r/n_r + (1 - 1/n_r)/e_r"""
    size = numbers("n", k)[r]
    return columns(k)[r][r] / size + (1 - 1 / size) / sums(k)[r]


def means(claim: str, *, own: bool) -> Check:
    """M G = 1 with the columns of G made of H; ``own``: with 1/e_r on the diagonal, which H_r has, too."""

    def green(k: int) -> Blocks:
        sizes, e = numbers("n", k), sums(k)

        def between(a: int, r: int) -> sympy.Expr:
            return (columns(k)[a][r] - (1 / e[a] if a == r and own else 0)) / sizes[a]

        return Blocks.of(sizes, [1 / x for x in e], [[between(a, r) for r in range(k)] for a in range(k)])

    return several(
        claim,
        *(
            eigenvalues(f"K = {k}, all sizes", units(numbers("n", k), sums(k)), inverse=green(k))
            for k in POPULATIONS
        ),
        identity(
            "G_kk and mean counts in terms of H, K = 2",
            lambda: [
                green(2).coupling[0, 0] + 1 / sums(2)[0],
                *(row[0] / diagonal_green(2, 0) for row in columns(2)),
            ],
            lambda: [diagonal_green(2, 0), *(mean_count(other, *sums(2)).doit() for other in range(2))],
        ),
    )


def mean_count(other: int, first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """The mean count of population ``other`` of two, for a start in the first, without fractions, from e."""
    sizes = numbers("n", 2)
    matrix = [
        [first - sizes[0] * w(0, 0), -sizes[0] * w(0, 1)],
        [-sizes[1] * w(1, 0), second - sizes[1] * w(1, 1)],
    ]
    minors = (matrix[1][1], sizes[1] * w(1, 0))
    both = sympy.Determinant(sympy.ImmutableMatrix(matrix))
    return sizes[0] * first * minors[other] / ((sizes[0] - 1) * both + first * minors[0])


def mean_or_none(other: int) -> sympy.Expr:
    """The same from weights and leaks, where the second population may be empty."""
    sizes = numbers("n", 2)
    first, second = received(sizes, leaks(2))
    return mean_count(other, first, Piecewise((1, Eq(sizes[1], 0)), (second, True)))


def listed_means() -> Check:
    """Mean counts from the K x K quotient against the participation of exactav."""

    def summed(case: tuple[Counts, int]) -> list[sympy.Rational]:
        sizes, r = case
        shares = list(ea.participation(network(sizes)).col(sum(sizes[:r])))
        return [sum(shares[: sizes[0]]), sum(shares[sizes[0] :])]

    def by_quotient(case: tuple[Counts, int]) -> list[sympy.Rational]:
        sizes, r = case
        values = VALUES | dict(zip(numbers("n", 2), sizes, strict=True))
        values |= zip(sums(2), (e.subs(values) for e in received(sizes, leaks(2))), strict=True)
        return [(row[r] / diagonal_green(2, r)).subs(values) for row in columns(2)]

    cases = [(sizes, r) for sizes in ((1, 2), (3, 2), (2, 4)) for r in (0, 1)]
    return exactly("participations of exactav for up to six units", cases, summed, by_quotient)


def overall_means(claim: str, *, weighted: bool) -> Check:
    """Mean sizes of all starts; ``weighted``: each population counts with its units."""

    def mean(values: Put) -> sympy.Expr:
        share = numbers("n", 2) if weighted else [1, 1]
        column = [sympy.Add(*(row[r] for row in columns(2))) for r in range(2)]
        above, below = (
            sympy.Add(*(share[r] * part[r] for r in range(2)))
            for part in (column, [diagonal_green(2, r) for r in range(2)])
        )
        ones = dict.fromkeys(sums(2), sympy.S.One)
        return (above / below).subs(ones).subs(values, simultaneous=True)

    return several(
        claim,
        identity(
            "thresholds 1: e = 1",
            lambda: [
                total.subs(values, simultaneous=True)
                for values in (EQUAL, SIDES)
                for total in received(numbers("n", 2), leaks(2))
            ],
            lambda: [1] * 4,
        ),
        identity("equal populations, all n", lambda: mean(EQUAL), equal_mean),
        identity("sides, all n and m", lambda: mean(SIDES), side_mean),
    )


def equal_mean() -> sympy.Expr:
    """Of two equal populations."""
    return 2 * n * (1 - n * (a - b)) / equal_below()


def side_mean() -> sympy.Expr:
    """Of the complete bipartite network."""
    return (n + m + 2 * n * m * v) / side_below()


# Layers

CHAINS = (2, 3, 4)


def onward(a: int, b: int) -> sympy.Expr:
    """Weights of a chain of layers."""
    return alpha / numbers("n", b + 1)[b] if a == b + 1 else sympy.S.Zero


def fired(k: int) -> list[sympy.Expr]:
    """1, l_2, .., l_k"""
    return [sympy.S.One, *numbers("l", k)[1:]]


def chain_leaks(k: int) -> list[sympy.Expr]:
    """Thresholds 1 less what is received."""
    return [sympy.S.One, *[1 - alpha] * (k - 1)]


def chain_law(k: int, *, silent: bool = True) -> sympy.Expr:
    """P(l_2, .., l_k)"""
    sizes, counts = numbers("n", k), fired(k)
    law = sympy.S.One
    for a in range(1, k):
        share = alpha * counts[a - 1] / sizes[a - 1]
        law *= binomial(sizes[a], counts[a]) * share ** counts[a]
        law *= (1 - share) ** (sizes[a] - counts[a]) if silent else 1
    return law


def chain_blocks(k: int) -> sympy.Expr:
    """The law by the determinants of triangular blocks."""
    sizes, counts = numbers("n", k), fired(k)
    others = minus(sizes, counts)
    trees = units(counts[1:], received(counts, [0] * k, onward)[1:], lambda a, b: onward(a + 1, b + 1))
    forests = units(others, received(others, chain_leaks(k), onward), onward)
    below = units(sizes, received(sizes, chain_leaks(k), onward), onward).without(0)
    return ways(sizes[1:], counts[1:]) * trees.determinant() * forests.determinant() / below.determinant()


def layers(claim: str, *, silent: bool) -> Check:
    """Compositions of chains of layers as products of binomial laws; ``silent``: with who stays silent."""
    return several(
        claim,
        *(
            identity(f"{k} layers, all sizes", partial(chain_blocks, k), partial(chain_law, k, silent=silent))
            for k in CHAINS
        ),
        telescoping(
            "it adds up to 1, layer by layer from the last one on", binomial_law(n), (el, 0, n), 1, n=n
        ),
    )


def binomial_law(size: sympy.Expr) -> sympy.Expr:
    """C(n, l) p^l (1-p)^(n-l)"""
    return binomial(size, el) * p**el * (1 - p) ** (size - el)


def layer_laws() -> Check:
    """The products against the assembly laws of exactav."""

    def from_sets(sizes: Counts) -> dict[Counts, sympy.Expr]:
        net = ea.families.feedforward(sizes, alpha)
        layer = [a for a, size in enumerate(sizes) for _ in range(size)]
        totals: Counter[Counts] = Counter()
        for assembly, probability in ea.assembly_law(net, start=0).items():
            members = Counter(layer[net.index(unit)] for unit in assembly)
            totals[tuple(members[a] for a in range(1, len(sizes)))] += probability
        return {counts: sympy.cancel(probability) for counts, probability in totals.items()}

    def closed(sizes: Counts) -> dict[Counts, sympy.Expr]:
        k = len(sizes)
        law = chain_law(k).subs(dict(zip(numbers("n", k), sizes, strict=True)))
        every = product(*(range(size + 1) for size in sizes[1:]))
        found = {counts: at(law, "l", (1, *counts)) for counts in every}
        return {counts: sympy.cancel(value) for counts, value in found.items() if value != 0}

    return exactly(
        "assembly laws of exactav for five chains of up to four layers, in alpha",
        [(1, 2), (2, 2), (1, 2, 2), (2, 1, 2), (1, 1, 2, 1)],
        from_sets,
        closed,
    )


def layer_means(claim: str, ratio: sympy.Expr) -> Check:
    """Mean counts of layers, and the mean over all starts of a chain; ``ratio`` = alpha is right."""
    onwards = (1 - alpha**m) / (1 - alpha)  # 1 + alpha + .. + alpha^(m-1)
    total = (K * (1 - alpha) - alpha * (1 - alpha**K)) / (1 - alpha) ** 2
    return several(
        claim,
        telescoping("sum of l C(n, l) p^l (1-p)^(n-l)", el * binomial_law(n), (el, 0, n), n * p, n=n),
        identity(
            "equal layers: n p, p = alpha l/n", lambda: (n * p).subs(p, alpha * el / n), lambda: ratio * el
        ),
        telescoping("from layer j of K on", ratio**j, (j, 0, m - 1), onwards, n=m, first=1),
        induction(
            "all starts of K layers together",
            K,
            base={1: 1},
            step=lambda size, before: before + onwards.subs(m, size),
            closed=lambda size: total.subs(K, size),
        ),
        telescoping(
            "the closed form, K fold", K * alpha**j - j * alpha**j, (j, 0, K - 1), total, n=K, first=1
        ),
    )


def chain_mean() -> sympy.Expr:
    """sum_j (1 - j/K) alpha^j"""
    return Sum((1 - j / K) * alpha**j, (j, 0, K - 1))


# The star

STAR: Put = {
    **{w(0, 0): sympy.S.Zero, w(1, 1): sympy.S.Zero, w(0, 1): v, w(1, 0): v},
    **{s(0): 1 - (N - 1) * v, s(1): 1 - v},
}


def star(base: Row, hub: int, leaves: sympy.Expr, *, less_one: int | None = None) -> sympy.Expr:
    """The determinant of hub (1 or 0) and leaves; without a unit of population ``less_one``, if any."""
    matrix = units([hub, leaves], received([hub, leaves], base))
    rest = matrix if less_one is None else matrix.without(less_one)
    return rest.determinant().subs(STAR, simultaneous=True)


def star_below() -> sympy.Expr:
    """D of the hub and of all leaves."""
    return N - (N - 1) * (N - 2) * v**2


def star_alone() -> sympy.Expr:
    """The forests of all units but one leaf."""
    return 1 - v - (N - 2) * v**2


def star_weight() -> sympy.Expr:
    """C(N-1, L-1) times trees and forests where hub and L - 1 leaves fire, L starts."""
    return L * binomial(N - 1, L - 1) * v ** (L - 1) * (1 - v) ** (N - L)


def star_law() -> sympy.Expr:
    """P(L)"""
    alone = star_weight().subs(L, 1) + (N - 1) * star_alone()
    return Piecewise((alone / star_below(), Eq(L, 1)), (star_weight() / star_below(), True))


def of_hub(expr: sympy.Expr) -> sympy.Expr:
    """With v = alpha/(N - 1)."""
    return expr.xreplace({v: alpha / (N - 1)})


def stars(claim: str, *, alone: bool) -> Check:
    """Trees, forests and minors of the star, for all N; ``alone``: leaves fire alone, too."""
    none, every = [sympy.S.Zero] * 2, leaks(2)
    return several(
        claim,
        identity(
            "trees rooted in hub and leaf",
            lambda: [star(none, 1, L - 1, less_one=r) for r in range(2)],
            lambda: [v ** (L - 1)] * 2,
        ),
        identity(
            "forests without the hub, and with it; minors without hub and leaf",
            lambda: [
                star(every, 0, N - L),
                star(every, 1, N - 2),
                *(star(every, 1, N - 1, less_one=r) for r in range(2)),
            ],
            lambda: [(1 - v) ** (N - L), star_alone(), 1, 1 - (N - 2) * v**2],
        ),
        identity(
            "sets and starts, and the minors of all starts",
            lambda: [
                binomial(N - 1, L - 1) + (N - 1) * binomial(N - 2, L - 2),
                1 + (N - 1) * (1 - (N - 2) * v**2),
            ],
            lambda: [L * binomial(N - 1, L - 1), star_below()],
        ),
        telescoping(
            "the law adds up to 1, N - 1 leaves that fire alone among it",
            star_weight(),
            (L, 1, N),
            star_below() - (N - 1) * (star_alone() if alone else 0),
            n=N,
            first=2,
        ),
    )


def star_laws() -> Check:
    """The size laws of exactav."""
    return exactly(
        "size laws of exactav for N from 2 to 6, in alpha",
        range(2, 7),
        lambda n: dict(ea.size_law(ea.families.star(n, alpha))),
        lambda n: {size: of_hub(star_law()).subs({N: n, L: size}) for size in range(1, n + 1)},
    )


def star_means(claim: str, power: int) -> Check:
    """The mean size; ``power`` = 2 is right."""
    hub = 1 + 2 * (N - 1) * v + (N - 1) * v * (1 - v) + ((N - 1) * v) ** 2
    return several(
        claim,
        telescoping("hub and leaves, all N", L ** (power - 1) * star_weight(), (L, 1, N), hub, n=N, first=2),
        identity(
            "with the leaves that fire alone",
            lambda: of_hub((hub + (N - 1) * star_alone()) / star_below()),
            star_mean,
        ),
    )


def star_mean() -> sympy.Expr:
    """Of the star, in alpha."""
    return (N - 1) * (N + 2 * alpha) / (N * (N - 1) - (N - 2) * alpha**2)


def roots(claim: str, weight: Callable[[int, int], sympy.Expr]) -> Check:
    """Where a start is, given the composition; ``weight`` = w is right."""
    trees = [count * phi(into(r, 2), less(numbers("l", 2), r)) for r, count in enumerate(numbers("l", 2))]
    return identity(
        claim,
        lambda: trees[0] / (trees[0] + trees[1]),
        lambda: rooted(*(numbers("l", 2)[a] * weight(1 - a, a) for a in range(2))),
    )


def rooted(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    """The share of the first."""
    return first / (first + second)


def root_or_none() -> sympy.Expr:
    """P(k in 1 | l) where one population may have no units that fire."""
    c1, c2 = numbers("l", 2)
    return rooted(
        Piecewise((1, Eq(c2, 0)), (c1 * w(1, 0), True)), Piecewise((1, Eq(c1, 0)), (c2 * w(0, 1), True))
    )


DERIVATION = Derivation(
    id="09",
    title="the populations of interchangeable units",
    statement=(
        r"Let every unit of population $b$ send $w_{ab}$ to every unit of $a$, itself included, and units of "
        r"$a$ leak $s_a$. For external weights $x$ and counts $c$ let $e_a=x_a+\sum_bc_bw_{ab}$ and"
        r"\[\Phi(x;c)=\prod_{c_a>0}e_a^{c_a-1}\det_{c>0}\bigl(\mathrm{diag}(e_a)-[w_{ab}c_b]\bigr).\]"
        r"Then $\Phi(s;c)$ is the forest weight of $c$ units and $\Phi(w_r;l-1_r)$, with $w_r$ for the "
        r"$w_{ar}$, the tree weight of $l$ units rooted in population $r$. An avalanche that starts in $r$ "
        r"has composition $l$ with probability"
        r"\[\prod_a\binom{n_a-\delta_{ar}}{l_a-\delta_{ar}}\;"
        r"\frac{\Phi(w_r;l-1_r)\,\Phi(s;n-l)}{\Phi(s+w_r;n-1_r)}.\]"
    ),
    assumptions=(
        r"$w_{ab}\ge0$, $s_a\ge0$, $\det M>0$.",
        r"The sentences hold for any number $K$ of populations; the checks are for $K\le3$ and all counts.",
    ),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\det\bigl(L[C]+\mathrm{diag}(s_C)\bigr) = \Phi(s;c)",
            r"The matrix is $e_a$ on the diagonal less $w_{ab}$ everywhere. Vectors that live on one "
            r"population $a$ and add up to 0 are eigenvectors, eigenvalue $e_a$, $c_a-1$ of them. On vectors "
            r"that are constant on each population it acts as $\mathrm{diag}(e_a)-[w_{ab}c_b]$. With "
            r"$c_a=0$, column $a$ of that is $e_a1_a$, which $e_a^{c_a-1}$ cancels.",
            forests("K = 1, 2, 3 populations, all counts", power=1),
            forests("powers c_a instead of c_a - 1", power=0),
            also=(listed_forests(),),
            label="forest",
        ),
        Step(
            r"\det L[A]_{\setminus k} = \Phi(w_r;l-1_r)",
            r"Without row and column $k$, a unit of $r$, the counts are $l-1_r$ but the row sums are still "
            r"those of $l$, $\sum_bl_bw_{ab}=w_{ar}+\sum_b(l-1_r)_bw_{ab}$: \eqref{forest} with $w_{ar}$ for "
            r"$s_a$.",
            trees("K = 1, 2, 3 populations, all counts and roots", rooted=True),
            trees("without the weights from the root", rooted=False),
            also=(listed_trees(),),
            label="tree",
        ),
        Step(
            r"\det M_{\setminus k} = \Phi(s+w_r;n-1_r)=:D_r",
            r"\eqref{forest} for all units but $k$, each of which leaks $s_a+w_{ar}$.",
            minors("K = 1, 2, 3 populations, all sizes and starts", with_start=True),
            minors("the start is not a leak", with_start=False),
            also=(listed_minors(),),
            label="minor",
        ),
        Step(
            r"P(l\mid r) = \prod_a\binom{n_a-\delta_{ar}}{l_a-\delta_{ar}}\;"
            r"\frac{\Phi(w_r;l-1_r)\,\Phi(s;n-l)}{D_r}",
            r"There are so many sets of composition $l$ that hold $k$, and by symmetry they are equally "
            r"probable; put in \eqref{forest} to \eqref{minor}. For $K=1$ and $w=s=1$, $D_rP(L)$ counts the "
            r"states of a sandpile on the complete graph, to be summed over $N$ starts.",
            compositions("K = 1, 2, 3 populations, all counts", start_counts=True),
            compositions("the start is chosen with the others", start_counts=False),
            also=(assembly_laws(),),
            label="composition",
            proves={
                "populations.composition": given_start(2, 0, with_empty),
                "sandpile.complete_graph": sandpile(),
            },
        ),
        Step(
            r"P(k\in r)=\frac{n_rD_r}{\sum_bn_bD_b},\qquad "
            r"P(l)=\prod_a\binom{n_a}{l_a}\;\frac{\sum_rl_r\Phi(w_r;l-1_r)\,\Phi(s;n-l)}{\sum_bn_bD_b}",
            r"With uniform drive $k$ starts an avalanche with a probability in proportion to "
            r"$\det M_{\setminus k}$ (derivation 04). Add up "
            r"\eqref{composition}: $n_r\binom{n_r-1}{l_r-1}=l_r\binom{n_r}{l_r}$.",
            overall("K = 1, 2, 3 populations, all counts and weights", weighted=True),
            overall("all units start equally often", weighted=False),
            label="overall",
            proves={
                "populations.start": numbers("n", 2)[0] * minor(2, 0, with_empty) / all_minors(with_empty),
                "populations.size": of_total(
                    any_start(with_empty), zip(numbers("l", 2), numbers("n", 2), strict=True), L
                ),
            },
        ),
        Step(
            r"P(k\in1\mid l)=\frac{l_1w_{21}}{l_1w_{21}+l_2w_{12}}\quad(K=2)",
            r"$\Phi(w_1;l-1_1)=w_{21}\,d_1^{l_1-1}d_2^{l_2-1}$ with $d_a=\sum_bl_bw_{ab}$, and so for the "
            r"other root; in \eqref{overall} only $l_rw_{\bar rr}$ is different. If $l_2=0$, the "
            r"start is in 1.",
            roots("two populations, all counts", w),
            roots("the weights the other way", lambda a, b: w(b, a)),
            label="root",
            proves={"populations.start_given_composition": root_or_none()},
        ),
        Step(
            r"w=\Bigl(\begin{smallmatrix}a&b\\b&a\end{smallmatrix}\Bigr):\quad "
            r"\sum_rl_r\Phi(w_r;l-1_r)=b\,(l_1+l_2)\,d_1^{l_1-1}d_2^{l_2-1},\quad "
            r"\Phi(s;n-l)=s\,(s+b(2n-l_1-l_2))\prod_{r=1}^2(1-d_r)^{n-l_r-1}",
            r"Two equal populations of $n$ units with threshold 1: $s=1-n(a+b)$, $d_1=al_1+bl_2$, "
            r"$d_2=bl_1+al_2$ in \eqref{overall}. Units of one population have the trees "
            r"$(al)^{l-1}$. $\frac12\sum_rn_rD_r=1-na+(n-1)\bigl((1-na)^2-(nb)^2\bigr)$.",
            equal_populations("all counts and weights", b),
            equal_populations("trees with a for b", a),
            label="equal",
            proves={
                "two_populations.composition": equal_law(l1, l2),
                "two_populations.size": Sum(equal_law(el, L - el), (el, Max(0, L - n), Min(L, n))),
            },
        ),
        Step(
            r"w=\Bigl(\begin{smallmatrix}0&v\\v&0\end{smallmatrix}\Bigr):\quad "
            r"\sum_rl_r\Phi(w_r;l-1_r)=(l_1+l_2)\,v^{l_1+l_2-1}\,l_1^{l_2-1}l_2^{l_1-1},\quad "
            r"\sum_rn_rD_r=n+m-nm(n+m-2)v^2",
            r"The complete bipartite network of $n$ and $m$ units with threshold 1: $s_1=1-mv$, $s_2=1-nv$ "
            r"in \eqref{overall}. $\Phi(s;n-l)=(1-vl_2)^{n-l_1-1}(1-vl_1)^{m-l_2-1}"
            r"\bigl((1-mv)(1-vl_1)+(1-nv)v(m-l_2)\bigr)$. Units of one side are coupled to none of it: with "
            r"$0^0=1$, one unit has one tree, and more have none.",
            sides("all counts and weights", 2),
            sides("n + m - 1 for n + m - 2", 1),
            label="sides",
            proves={
                "bipartite.composition": with_largest(side_law(l1, l2)),
                "bipartite.size": Sum(with_largest(side_law(el, L - el)), (el, Max(0, L - m), Min(L, n))),
            },
        ),
        Step(
            r"\langle l_b\rangle_r=\frac{H_b}{G_{kk}},\quad "
            r"H=\bigl(\mathrm{diag}(e_a)-[n_aw_{ab}]\bigr)^{-1}1_r,\quad "
            r"G_{kk}=\frac{H_r}{n_r}+\Bigl(1-\frac1{n_r}\Bigr)\frac1{e_r}",
            r"Let $H_b=\sum_{j\in b}G_{jk}$ and $e_a=s_a+\sum_bn_bw_{ab}$. Summed over population $a$, "
            r"$MG=\mathbf 1$ reads $e_aH_a-n_a\sum_bw_{ab}H_b=\delta_{ar}$; and $e_r(G_{kk}-G_{jk})=1$ for "
            r"$j\ne k$ in $r$. Then use derivation 07.",
            means("K = 1, 2, 3 populations, all sizes", own=True),
            means("G_kk is the mean of its column", own=False),
            also=(listed_means(),),
            label="mean",
            proves={"populations.mean": mean_or_none(1), "populations.mean_own": mean_or_none(0)},
        ),
        Step(
            r"\langle L\rangle=\frac{n(1-n(a-b))}{1-na+(n-1)((1-na)^2-(nb)^2)}\;\text{(equal)},\qquad "
            r"\langle L\rangle=\frac{n+m+2nmv}{n+m-nm(n+m-2)v^2}\;\text{(sides)}",
            r"With uniform drive and $P(k\in r)$ of \eqref{overall}, where $D_r=G_{kk}\det M$, the mean is "
            r"$\sum_{jk}G_{jk}/\sum_kG_{kk}$, by \eqref{mean} with $e_a=1$.",
            overall_means("all sizes and weights", weighted=True),
            overall_means("each population counts once", weighted=False),
            label="overall-mean",
            proves={
                "two_populations.mean": equal_mean(),
                "bipartite.mean": with_largest(side_mean()),
            },
        ),
        Step(
            r"P(l_2,\dots,l_K)=\prod_{a=2}^K\binom{n_a}{l_a}\Bigl(\frac{\alpha l_{a-1}}{n_{a-1}}\Bigr)^{l_a}"
            r"\Bigl(1-\frac{\alpha l_{a-1}}{n_{a-1}}\Bigr)^{n_a-l_a},\quad l_1=1",
            r"In a chain of layers, $w_{ab}=\delta_{a,b+1}\,\alpha/n_b$ with thresholds 1, all matrices of "
            r"\eqref{composition} are triangular: $\Phi(w_1;l-1_1)=\prod_a(l_{a-1}\alpha/n_{a-1})^{l_a}$ and "
            r"$D_1=1$. A silent unit of layer $a$ has $1-\alpha l_{a-1}/n_{a-1}$ on the diagonal: its "
            r"threshold less what it gets from those that fire. Each factor adds up to 1.",
            layers("chains of 2, 3, 4 layers, all sizes and counts", silent=True),
            layers("without the units that stay silent", silent=False),
            also=(layer_laws(),),
            label="layers",
            proves={
                "feedforward.composition": chain_law(3),
                "feedforward.size": of_total(
                    chain_law(3), zip(numbers("l", 3)[1:], numbers("n", 3)[1:], strict=True), L - 1
                ),
            },
        ),
        Step(
            r"\langle L\rangle=\frac1K\sum_{m=1}^K\sum_{j=0}^{m-1}\alpha^j"
            r"=\sum_{j=0}^{K-1}\Bigl(1-\frac jK\Bigr)\alpha^j\quad\text{(equal layers)}",
            r"By \eqref{layers} the mean count of a layer is $\alpha$ times that of the layer before. A "
            r"start in the layer that $m-1$ others follow is a start in the first of $m$ layers: units of "
            r"those before it receive nothing. All minors are 1, so all starts are equally frequent.",
            layer_means("any number of layers", alpha),
            layer_means("half of alpha", alpha / 2),
            label="layers-mean",
            proves={"feedforward.mean": chain_mean()},
        ),
        Step(
            r"D\,P(L)=L\binom{N-1}{L-1}v^{L-1}(1-v)^{N-L}"
            r"+\delta_{L1}(N-1)\bigl(1-v-(N-2)v^2\bigr),\qquad "
            r"D=N-(N-1)(N-2)v^2,\quad v=\frac\alpha{N-1}\quad\text{(star)}",
            r"An assembly with the hub and $L-1$ leaves has one tree, which any of its $L$ units may root; "
            r"each other leaf leaks $1-v$. Without the hub a leaf fires alone, and the others weigh "
            r"$1-v-(N-2)v^2$. $D$ adds $\det M_{\setminus k}$ over hub and leaves. These are "
            r"\eqref{forest} to \eqref{overall} for one hub and $N-1$ leaves. The law adds up to 1.",
            stars("the star, all N, and its sum", alone=True),
            stars("leaves never fire alone", alone=False),
            also=(star_laws(),),
            label="star",
            proves={"star.size": of_hub(star_law())},
        ),
        Step(
            r"\langle L\rangle=\frac{(N-1)(N+2\alpha)}{N(N-1)-(N-2)\alpha^2}\quad\text{(star)}",
            r"With $L^2$ for $L$ in the first term of \eqref{star}, over $D$: moments of a binomial law.",
            star_means("the sum, for all N", 2),
            star_means("the sum of P(L)", 1),
            label="star-mean",
            proves={"star.mean": star_mean()},
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
