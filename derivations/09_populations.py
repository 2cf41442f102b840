r"""Derivation 09: the populations of interchangeable units.

Statement
    K populations of n_1, ..., n_K units; every unit of population b sends w_ab to every unit of a, itself
    included; units of a leak s_a. For counts c let e_a = s_a + sum_b c_b w_ab, for counts l let d_a =
    sum_b l_b w_ab and m = l - 1_r. Then the forest weight of c units and the tree weight of l units rooted in
    population r are

        F(c)   = prod_{c_a > 0} e_a^(c_a - 1) det(diag(e_a) - [w_ab c_b])  over the a, b with c > 0,
        T_r(l) = prod_{m_a > 0} d_a^(m_a - 1) det(diag(d_a) - [w_ab m_b])  over the a, b with m > 0,

    and an avalanche that starts in r has composition l with probability
    prod_a C(n_a - [a = r], l_a - [a = r]) T_r(l) F(n - l) / F'(n - 1_r), the last with s_a + w_ar for s_a.

Assumptions
    w_ab >= 0, s_a >= 0, the network as a whole leaks (det M > 0).

Source
    arXiv:2202.02520.

Run as ``python derivations/09_populations.py``.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from math import comb, prod
from typing import Any

import sympy

import exactav as ea
from exactav.proofs import Blocks, Check, chain, eigenvalues, exactly, identity, several, telescoping
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import determinant, without

Counts = tuple[int, ...]


def w(a: int, b: int) -> sympy.Symbol:
    """What a unit of population a receives from one of b."""
    return sympy.Symbol(f"w_{a}{b}")


def s(a: int) -> sympy.Symbol:
    """The leak of the units of population a."""
    return sympy.Symbol(f"s_{a}")


def blocks(counts: Sequence[int], diagonal: Sequence[sympy.Expr]) -> sympy.Matrix:
    """One row for each unit: ``diagonal`` of its population on the diagonal, less w_ab everywhere."""
    member = [a for a, count in enumerate(counts) for _ in range(count)]
    return sympy.Matrix(
        len(member),
        len(member),
        lambda i, j: (diagonal[member[i]] if i == j else 0) - w(member[i], member[j]),
    )


def received(counts: Sequence[Any], base: Sequence[sympy.Expr]) -> list[sympy.Expr]:
    """base_a + sum_b counts_b w_ab."""
    every = range(len(counts))
    return [base[a] + sympy.Add(*(counts[b] * w(a, b) for b in every)) for a in every]


def reduced(counts: Sequence[Any], diagonal: Sequence[sympy.Expr], *, power: int = 1) -> sympy.Expr:
    """prod d_a^(c_a - power) det(diag(d_a) - [w_ab c_b]) over the populations with c_a > 0."""
    present = [a for a, count in enumerate(counts) if count]
    small = sympy.Matrix(
        len(present),
        len(present),
        lambda i, j: (diagonal[present[i]] if i == j else 0) - w(present[i], present[j]) * counts[present[j]],
    )
    return sympy.Mul(determinant(small), *(diagonal[a] ** (counts[a] - power) for a in present))


def leaks(k: int) -> list[sympy.Expr]:
    """s_0 .. s_{k-1}"""
    return [s(a) for a in range(k)]


def forest_weight(counts: Sequence[int]) -> sympy.Expr:
    """F(c)."""
    return reduced(counts, received(counts, leaks(len(counts))))


def tree_weight(counts: Sequence[int], r: int) -> sympy.Expr:
    """T_r(l)."""
    others = [count - int(a == r) for a, count in enumerate(counts)]
    return reduced(others, received(counts, [sympy.Integer(0)] * len(counts)))


def normaliser(sizes: Sequence[Any], r: int, *, with_start: bool = True) -> sympy.Expr:
    """F at one unit of r less, which stays as one more leak w_ar."""
    others = [size - int(a == r) for a, size in enumerate(sizes)]
    base = [leak + (w(a, r) if with_start else 0) for a, leak in enumerate(leaks(len(sizes)))]
    return reduced(others, received(others, base))


def all_counts(largest: Sequence[int]) -> list[Counts]:
    """All count vectors up to ``largest`` but the empty one."""
    return [counts for counts in product(*(range(size + 1) for size in largest)) if any(counts)]


def counts(name: str, k: int) -> list[sympy.Symbol]:
    """name_0 .. name_{k-1}, whole and positive."""
    return [sympy.Symbol(f"{name}_{a}", integer=True, positive=True) for a in range(k)]


def coupled(sizes: Sequence[sympy.Expr], diagonal: Sequence[sympy.Expr]) -> Blocks:
    """``diagonal`` of each population on the diagonal, less w_ab everywhere."""
    every = range(len(sizes))
    return Blocks.of(sizes, diagonal, [[-w(a, b) for b in every] for a in every])


def all_counts_proved(claim: str, one: Callable[[int, int], Check]) -> Check:
    """A check of K populations and a root r, for K up to 3."""
    return several(claim, *(replace(one(k, r), sizes="K <= 3") for k in (1, 2, 3) for r in range(k)))


def forest_of_all_counts(power: int) -> Callable[[int, int], Check]:
    """F(c) for symbolic c; ``power`` = 1 is right."""

    def one(k: int, _: int) -> Check:
        c = counts("c", k)
        e = received(c, leaks(k))
        return eigenvalues(f"K = {k}", coupled(c, e), determinant=reduced(c, e, power=power))

    return one


def tree_of_all_counts(shift: int) -> Callable[[int, int], Check]:
    """T_r(l) for symbolic l; row sums of l, ``shift`` = 0, are right."""

    def one(k: int, r: int) -> Check:
        l_, without_root = counts("l", k), [sympy.Integer(int(a == r)) for a in range(k)]
        others = [count - own for count, own in zip(l_, without_root, strict=True)]
        d = received(l_, [sympy.Integer(0)] * k)
        claimed = received([count - shift for count in l_], [sympy.Integer(0)] * k)
        matrix = coupled(l_, d).without(r)
        return eigenvalues(f"K = {k}, root in {r}", matrix, determinant=reduced(others, claimed))

    return one


def minor_of_all_sizes(*, with_start: bool) -> Callable[[int, int], Check]:
    """F'(n - 1_r) for symbolic n."""

    def one(k: int, r: int) -> Check:
        n = counts("n", k)
        matrix = coupled(n, received(n, leaks(k))).without(r)
        return eigenvalues(
            f"K = {k}, start in {r}", matrix, determinant=normaliser(n, r, with_start=with_start)
        )

    return one


SHAPES: list[Counts] = [*all_counts((3, 2)), (1, 1, 1), (2, 1, 1), (1, 0, 2)]


def forests(claim: str, *, power: int) -> Check:
    """F(c) against the determinant with a row for each unit."""
    return exactly(
        claim,
        SHAPES,
        lambda c: sympy.expand(determinant(blocks(c, received(c, leaks(len(c)))))),
        lambda c: sympy.expand(sympy.cancel(reduced(c, received(c, leaks(len(c))), power=power))),
    )


def trees(claim: str, *, rooted: bool) -> Check:
    """T_r(l) against the determinant of the Laplacian without the root's row and column."""

    def root(case: tuple[Counts, int]) -> sympy.Expr:
        counts, r = case
        matrix = blocks(counts, received(counts, [sympy.Integer(0)] * len(counts)))
        return sympy.expand(determinant(without(matrix, sum(counts[:r]))))

    return exactly(
        claim,
        [(counts, r) for counts in SHAPES for r in range(len(counts)) if counts[r]],
        root,
        lambda case: sympy.expand(tree_weight(case[0], case[1] if rooted else case[0].index(max(case[0])))),
    )


def minors(claim: str, *, with_start: bool) -> Check:
    """The normaliser against det(M without one unit of r)."""
    return exactly(
        claim,
        [((2, 1), 0), ((2, 1), 1), ((2, 2), 0), ((1, 3), 0), ((1, 1, 2), 2)],
        lambda case: sympy.expand(
            determinant(
                without(blocks(case[0], received(case[0], leaks(len(case[0])))), sum(case[0][: case[1]]))
            )
        ),
        lambda case: sympy.expand(normaliser(*case, with_start=with_start)),
    )


NUMBERS = {w(0, 0): "1/9", w(0, 1): "2/7", w(1, 0): "1/5", w(1, 1): 0, s(0): "1/3", s(1): "2/3"}
VALUES = {symbol: sympy.Rational(value) for symbol, value in NUMBERS.items()}


def network(sizes: Counts) -> ea.Network:
    """Two populations with the numbers above, asymmetric, one without coupling inside."""
    weights = [[VALUES[w(a, b)] for b in range(2)] for a in range(2)]
    return ea.families.populations(sizes, weights, leak=[VALUES[s(0)], VALUES[s(1)]])


def compositions(claim: str, *, start_counts: bool) -> Check:
    """The law of compositions against the assembly law of exactav, set by set."""

    def from_sets(case: tuple[Counts, int]) -> dict[Counts, sympy.Rational]:
        sizes, r = case
        law = ea.assembly_law(network(sizes), start=sum(sizes[:r]))
        totals: Counter[Counts] = Counter()
        for units, p in law.items():
            first = len(units & frozenset(range(sizes[0])))
            totals[first, len(units) - first] += p
        return dict(totals)

    def closed(case: tuple[Counts, int]) -> dict[Counts, sympy.Rational]:
        sizes, r = case
        below = normaliser(sizes, r).subs(VALUES)
        law = {}
        for counts in all_counts(sizes):
            if counts[r]:
                fixed = [int(a == r and start_counts) for a in range(2)]
                ways = prod(comb(sizes[a] - fixed[a], counts[a] - fixed[a]) for a in range(2))
                rest = [size - count for size, count in zip(sizes, counts, strict=True)]
                weight = (tree_weight(counts, r) * forest_weight(rest)).subs(VALUES)
                if ways * weight:
                    law[counts] = ways * weight / below
        return law

    cases = [(sizes, r) for sizes in ((1, 1), (2, 1), (2, 3), (4, 2)) for r in (0, 1)]
    return exactly(claim, cases, from_sets, closed)


def means(claim: str, *, from_others: bool) -> Check:
    """Mean counts from the K x K quotient against the participation of exactav."""

    def summed(case: tuple[Counts, int]) -> list[sympy.Rational]:
        sizes, r = case
        shares = list(ea.participation(network(sizes)).col(sum(sizes[:r])))
        return [sum(shares[: sizes[0]]), sum(shares[sizes[0] :])]

    def quotient(case: tuple[Counts, int]) -> list[sympy.Rational]:
        sizes, r = case
        diagonal = [e.subs(VALUES) for e in received(sizes, leaks(2))]
        small = sympy.Matrix(2, 2, lambda a, b: (diagonal[a] if a == b else 0) - sizes[a] * VALUES[w(a, b)])
        column = small.inv().col(r)
        own = column[r] / sizes[r] + (1 - sympy.Rational(1, sizes[r])) / diagonal[r] * int(from_others)
        return [entry / own for entry in column]

    return exactly(
        claim, [(sizes, r) for sizes in ((1, 2), (3, 2), (2, 4)) for r in (0, 1)], summed, quotient
    )


def means_of_all_sizes(claim: str, *, from_others: bool) -> Check:
    """Columns of the inverse of M, for symbolic sizes of one and two populations."""
    parts = []
    for k in (1, 2):
        n = counts("n", k)
        e = [sympy.Symbol(f"e_{a}") for a in range(k)]
        matrix = coupled(n, e)
        inverse = matrix.inverse()
        parts.append(eigenvalues(f"the inverse of M, K = {k}", matrix, inverse=inverse))
        small = sympy.diag(*e) - sympy.Matrix(k, k, lambda a, b, n=n: n[a] * w(a, b))
        solved = small.inv()
        for r in range(k):
            own = solved[r, r] / n[r] + (1 - 1 / n[r]) / e[r] * int(from_others)
            sums = [int(b == r) / e[r] + n[b] * inverse.coupling[b, r] for b in range(k)]
            parts.append(
                chain(
                    f"H and G_kk, K = {k}, start in {r}",
                    [*sums, inverse.diagonal[r] + inverse.coupling[r, r]],
                    [*solved.col(r), own],
                )
            )
    return several(claim, *(replace(part, sizes="K <= 2") for part in parts))


alpha = sympy.Symbol("alpha")
N, L = sympy.symbols("N L", integer=True, positive=True)
v = sympy.Symbol("v")


def layers_of_all_sizes(claim: str, *, silent: bool) -> Check:
    """Three layers with symbolic sizes; ``silent``: with who stays silent."""
    n1, n2, n3, l2, l3 = sympy.symbols("n_1 n_2 n_3 l_2 l_3", integer=True, positive=True)
    first, second = alpha / n1, alpha / n2
    chained = [[0, 0, 0], [-first, 0, 0], [0, -second, 0]]
    trees, forest = first**l2 * (second * l2) ** l3, (1 - first) ** (n2 - l2) * (1 - second * l2) ** (n3 - l3)
    return several(
        claim,
        identity(
            "the product of both, for all sizes and counts",
            lambda: sympy.binomial(n2, l2) * sympy.binomial(n3, l3) * trees * (forest if silent else 1),
            lambda: three_layers(),
        ),
        eigenvalues(
            "the tree weight",
            Blocks.of([l2, l3], [first, second * l2], [[0, 0], [-second, 0]]),
            determinant=trees,
        ),
        eigenvalues(
            "the forest weight",
            Blocks.of([n1 - 1, n2 - l2, n3 - l3], [1, 1 - first, 1 - second * l2], chained),
            determinant=forest,
        ),
        eigenvalues("F'", Blocks.of([n1 - 1, n2, n3], [1, 1, 1], chained), determinant=1),
    )


def three_layers() -> sympy.Expr:
    """The law of three layers."""
    n1, n2, n3, l2, l3 = sympy.symbols("n_1 n_2 n_3 l_2 l_3", integer=True, positive=True)
    value = sympy.Integer(1)
    for sources, fired, size, count in ((n1, 1, n2, l2), (n2, l2, n3, l3)):
        share = alpha * fired / sources
        value *= sympy.binomial(size, count) * share**count * (1 - share) ** (size - count)
    return value


def star_bulk() -> sympy.Expr:
    """L C(N-1, L-1) v^(L-1) (1-v)^(N-L)."""
    return L * sympy.binomial(N - 1, L - 1) * v ** (L - 1) * (1 - v) ** (N - L)


STAR_BELOW = N - (N - 1) * (N - 2) * v**2
STAR_LEAVES = (N - 1) * (1 - v - (N - 2) * v**2)


def star_of_all_sizes(claim: str, leaves: sympy.Expr) -> Check:
    """Weights of the star, and that they add up; ``leaves`` of the statement are right."""
    both = [[0, -v], [-v, 0]]
    return several(
        claim,
        eigenvalues(
            "the tree of a hub with L - 1 leaves", Blocks.of([L - 1], [v], [[0]]), determinant=v ** (L - 1)
        ),
        eigenvalues("the other leaves", Blocks.of([N - L], [1 - v], [[0]]), determinant=(1 - v) ** (N - L)),
        eigenvalues(
            "hub and leaves beside a leaf that fires",
            Blocks.of([1, N - 2], [1 - v, 1], both),
            determinant=leaves / (N - 1),
        ),
        eigenvalues(
            "det(M without a leaf)", Blocks.of([1, N - 2], [1, 1], both), determinant=1 - (N - 2) * v**2
        ),
        identity(
            "all starts, and the total",
            lambda: [1 + (N - 1) * (1 - (N - 2) * v**2), 1 + (N - 1) * v + leaves],
            lambda: [STAR_BELOW, STAR_BELOW],
        ),
        telescoping(
            "assemblies with the hub, for all N", star_bulk(), (L, 1, N), 1 + (N - 1) * v, n=N, first=1
        ),
    )


def star_size() -> sympy.Expr:
    """P(L) of the star, by cases."""
    alone = (star_bulk().subs(L, 1) + STAR_LEAVES) / STAR_BELOW
    cases = sympy.Piecewise((alone, sympy.Eq(L, 1)), (star_bulk() / STAR_BELOW, True))
    return cases.subs(v, alpha / (N - 1))


def layers(claim: str, *, silent: bool) -> Check:
    """Compositions of chains of layers as products of binomial laws; ``silent``: with who stays silent."""

    def from_sets(sizes: Counts) -> dict[Counts, sympy.Expr]:
        net = ea.families.feedforward(sizes, alpha)
        layer = [a for a, size in enumerate(sizes) for _ in range(size)]
        totals: Counter[Counts] = Counter()
        for units, p in ea.assembly_law(net, start=0).items():
            fired = Counter(layer[net.index(unit)] for unit in units)
            totals[tuple(fired[a] for a in range(1, len(sizes)))] += p
        return {counts: sympy.cancel(p) for counts, p in totals.items()}

    def closed(sizes: Counts) -> dict[Counts, sympy.Expr]:
        result = {}
        for counts in product(*(range(size + 1) for size in sizes[1:])):
            value = sympy.Integer(1)
            for a, (count, before) in enumerate(zip(counts, (1, *counts), strict=False), start=1):
                share = alpha * before / sizes[a - 1]
                others = sizes[a] - count if silent else 0
                value *= comb(sizes[a], count) * share**count * (1 - share) ** others
            if sympy.expand(value) != 0:
                result[counts] = sympy.cancel(value)
        return result

    return exactly(claim, [(1, 2), (2, 2), (1, 2, 2), (2, 1, 2), (1, 1, 2, 1)], from_sets, closed)


def stars(claim: str, *, with_leaves: bool) -> Check:
    """Size laws of stars of 2 to 6 units; ``with_leaves``: leaves fire alone, too."""

    def closed(case: tuple[int, int]) -> sympy.Expr:
        n, size = case
        v = alpha / (n - 1)
        value = size * comb(n - 1, size - 1) * v ** (size - 1) * (1 - v) ** (n - size)
        if size == 1 and with_leaves:
            value += (n - 1) * (1 - v - (n - 2) * v**2)
        return value / (n - (n - 1) * (n - 2) * v**2)

    laws = {n: ea.size_law(ea.families.star(n, alpha)) for n in range(2, 7)}
    return exactly(
        claim, [(n, size) for n in laws for size in range(1, n + 1)], lambda c: laws[c[0]][c[1]], closed
    )


DERIVATION = Derivation(
    id="09",
    title="the populations of interchangeable units",
    statement=(
        r"Let every unit of population $b$ send $w_{ab}$ to every unit of $a$, itself included, and units "
        r"of $a$ leak $s_a$. With $e_a=s_a+\sum_bc_bw_{ab}$, $d_a=\sum_bl_bw_{ab}$ and $m=l-1_r$, the "
        r"forest weight of $c$ units and the tree weight of $l$ units rooted in population $r$ "
        r"are\[F(c)=\prod_{c_a>0}e_a^{c_a-1}\det_{c>0}\bigl(\mathrm{diag}(e_a)-[w_{ab}c_b]\bigr),\qquad "
        r"T_r(l)=\prod_{m_a>0}d_a^{m_a-1}\det_{m>0}\bigl(\mathrm{diag}(d_a)-[w_{ab}m_b]\bigr).\]An "
        r"avalanche that starts in $r$ has composition $l$ with "
        r"probability"
        r"\[\prod_a\binom{n_a-\delta_{ar}}{l_a-\delta_{ar}}\;\frac{T_r(l)\,F(n-l)}{F'(n-1_r)},\]$F'$ "
        r"with $s_a+w_{ar}$ for $s_a$."
    ),
    assumptions=(r"$w_{ab}\ge0$, $s_a\ge0$, $\det M>0$.",),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\det\bigl(L[C]+\mathrm{diag}(s_C)\bigr) = "
            r"\prod_{c_a>0}e_a^{c_a-1}\;\det_{c>0}\bigl(\mathrm{diag}(e_a)-[w_{ab}c_b]\bigr)",
            r"The matrix is $e_a$ on the diagonal less $w_{ab}$ everywhere. Vectors that live on one "
            r"population $a$ and add up to 0 are eigenvectors, eigenvalue $e_a$, $c_a-1$ of them. On "
            r"vectors that are constant on each population it acts as $\mathrm{diag}(e_a)-[w_{ab}c_b]$.",
            all_counts_proved("up to three populations, for all counts", forest_of_all_counts(1)),
            all_counts_proved("powers c_a instead of c_a - 1", forest_of_all_counts(0)),
            also=(
                forests(
                    "determinants for 14 count vectors of two and three populations, in symbols", power=1
                ),
            ),
            label="forest",
        ),
        Step(
            r"\det L[A]_{\setminus k} = T_r(l)",
            r"Without row and column $k$, a unit of $r$, the counts are $m=l-1_r$ but the row sums are "
            r"still those of $l$: $d_a$ takes the place of $e_a$.",
            all_counts_proved("up to three populations, for all counts and roots", tree_of_all_counts(0)),
            all_counts_proved("row sums of l less one unit of each", tree_of_all_counts(1)),
            also=(trees("determinants for the same counts and every root, in symbols", rooted=True),),
            label="tree",
        ),
        Step(
            r"\det M_{\setminus k} = F'(n-1_r)",
            r"\eqref{forest} for all units but $k$, each of which leaks $s_a+w_{ar}$.",
            all_counts_proved(
                "up to three populations, for all sizes and starts", minor_of_all_sizes(with_start=True)
            ),
            all_counts_proved("the start is not a leak", minor_of_all_sizes(with_start=False)),
            also=(minors("minors for five sizes and starts, in symbols", with_start=True),),
            label="minor",
        ),
        Step(
            r"P(l\mid r) = \prod_a\binom{n_a-\delta_{ar}}{l_a-\delta_{ar}}\;\frac{T_r(l)\,F(n-l)}{F'(n-1_r)}",
            r"There are so many sets of composition $l$ that hold $k$, and by symmetry they are equally "
            r"probable.",
            compositions(
                "assembly laws of exactav for up to six units, asymmetric weights", start_counts=True
            ),
            compositions("the start is chosen with the others", start_counts=False),
            label="composition",
        ),
        Step(
            r"\langle l_b\rangle_r=\frac{H_b}{G_{kk}},\quad "
            r"H=\bigl(\mathrm{diag}(e_a)-[n_aw_{ab}]\bigr)^{-1}1_r,\quad "
            r"G_{kk}=\frac{H_r}{n_r}+\Bigl(1-\frac1{n_r}\Bigr)\frac1{e_r}",
            r"Let $H_b=\sum_{j\in b}G_{jk}$. Summed over population $a$, $MG=\mathbf 1$ reads "
            r"$e_aH_a-n_a\sum_bw_{ab}H_b=\delta_{ar}$; and $e_r(G_{kk}-G_{jk})=1$ for $j\ne k$ in $r$. "
            r"Then use derivation 07.",
            means_of_all_sizes("one and two populations, for all sizes", from_others=True),
            means_of_all_sizes("G_kk is the mean of its column", from_others=False),
            also=(means("participations of exactav for up to six units", from_others=True),),
            label="mean",
        ),
        Step(
            r"P(l_2,\dots,l_K)=\prod_{a=2}^K\binom{n_a}{l_a}\Bigl(\frac{\alpha l_{a-1}}{n_{a-1}}\Bigr)^{l_a}"
            r"\Bigl(1-\frac{\alpha l_{a-1}}{n_{a-1}}\Bigr)^{n_a-l_a},\quad l_1=1",
            r"In a chain of layers, $w_{ab}=\delta_{a,b+1}\,\alpha/n_b$ with thresholds 1, all matrices of "
            r"step 4 are triangular: $T_1(l)=\prod_a(l_{a-1}\alpha/n_{a-1})^{l_a}$ and $F'=1$. A silent unit "
            r"of layer $a$ has $1-\alpha l_{a-1}/n_{a-1}$ on the diagonal: its threshold less what it gets "
            r"from those that fire.",
            layers("assembly laws of exactav for five chains of up to four layers, in symbols", silent=True),
            layers("without the units that stay silent", silent=False),
            label="layers",
        ),
        Step(
            r"P(l_2,l_3)=\binom{n_2}{l_2}\Bigl(\frac\alpha{n_1}\Bigr)^{l_2}"
            r"\Bigl(1-\frac\alpha{n_1}\Bigr)^{n_2-l_2}\binom{n_3}{l_3}"
            r"\Bigl(\frac{\alpha l_2}{n_2}\Bigr)^{l_3}\Bigl(1-\frac{\alpha l_2}{n_2}\Bigr)^{n_3-l_3}",
            r"The same for three layers of any sizes: \eqref{layers} with $K=3$, from the determinants of "
            r"\eqref{forest} to \eqref{minor}.",
            layers_of_all_sizes("three layers, for all sizes and counts", silent=True),
            layers_of_all_sizes("three layers without the units that stay silent", silent=False),
            label="three-layers",
            proves={"feedforward.composition": three_layers()},
        ),
        Step(
            r"D\,P(L)=L\binom{N-1}{L-1}v^{L-1}(1-v)^{N-L}"
            r"+\delta_{L1}(N-1)\bigl(1-v-(N-2)v^2\bigr),\qquad "
            r"D=N-(N-1)(N-2)v^2,\quad v=\frac\alpha{N-1}\quad\text{(star)}",
            r"An assembly with the hub and $L-1$ leaves has one tree, which any of its $L$ units may root; "
            r"each other leaf leaks $1-v$. Without the hub a leaf fires alone, and the others weigh "
            r"$1-v-(N-2)v^2$. The denominator adds $\det M_{\setminus k}$ over hub and leaves.",
            star_of_all_sizes("weights and their total, for all N", STAR_LEAVES),
            star_of_all_sizes("leaves never fire alone", sympy.Integer(0)),
            also=(stars("size laws of exactav for N from 2 to 6, in symbols", with_leaves=True),),
            label="star",
            proves={"star.size": star_size()},
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
