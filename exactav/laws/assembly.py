"""The law of the assembly: which units fire."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Self, Unpack

import sympy

from exactav.laws.counting import measure_of, of_sets
from exactav.laws.kind import Assembly, Units, as_set
from exactav.laws.law import Law
from exactav.laws.options import Options
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.laplacian import (
    forest_weight,
    induced_laplacian,
    scaled_forest,
    scaled_tree,
    tree_weight,
    units_of,
)
from exactav.network.network import Network
from exactav.numbers.domains import quotient
from exactav.showing import latex
from exactav.showing.layout import Layout, LayoutOptions
from exactav.showing.typesetting import expression, width


class AssemblyLaw(Law[Assembly]):
    """Law of the assembly, keyed by frozensets of labels; any collection of labels may be asked for."""

    __slots__ = ()

    @classmethod
    def _kind_of(cls, network: Network) -> Units:
        return Units(network)

    def size_law(self) -> SizeLaw:
        """The law of the size of the assembly."""
        return self.pushed(SizeLaw, len)

    def containing(self, units: Iterable[Hashable]) -> Self:
        """The law given that all of ``units`` fire.

        Args:
            units: labels.

        Raises:
            UnknownUnitError: a label is not in the network.
            OptionError: that cannot happen.

        >>> import exactav as ea
        >>> assembly_law(ea.families.line(3, "3/4")).containing([0, 2]).pmf()
        {frozenset({0, 1, 2}): 1}
        """
        together = self.kind.read(units)
        return self._given(together.issubset, f"{self.kind.text(together)} firing")

    def avoiding(self, units: Iterable[Hashable]) -> Self:
        """The law given that none of ``units`` fires.

        Args:
            units: labels.

        Raises:
            UnknownUnitError: a label is not in the network.
            OptionError: that cannot happen.

        >>> import exactav as ea
        >>> assembly_law(ea.families.line(3, "3/4")).avoiding([1]).pmf()
        {frozenset({0}): 1/2, frozenset({2}): 1/2}
        """
        silent = self.kind.read(units)
        return self._given(silent.isdisjoint, f"{self.kind.text(silent)} silent")


@of_network
def assembly_law(
    net: Network, start: Hashable | None = None, *, input: Any = None, **options: Unpack[Options]
) -> AssemblyLaw:
    """The law of the assembly given an avalanche.

    P(A) = sum_k p_k tau_k(A) f(complement of A) / sum_k p_k det(M without k), see derivation 01 and
    arXiv:2202.02520. With an input d, det(L[A] + diag(d_A)) det(L[C] + diag(s_C - d_C)) stand above, C the
    complement of A, and det M - det(M - diag(d)) below, see derivation 14.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        input: of several units at once, as in :func:`exactav.size_law`.
        options: as in :class:`~exactav.laws.options.Options`.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> assembly_law(net).pmf()
    {frozenset({0}): 3/8, frozenset({1}): 1/4, frozenset({0, 1}): 3/8}
    """
    origin = origin_of(net, start, input, "assembly_law")
    found = measure_of(Starts.of(net, origin), of_sets, "the law of all assemblies", options)
    return AssemblyLaw(net, origin, Units(net), found.pushed(assemblies_of(net)))


def assemblies_of(net: Network) -> Callable[[int], Assembly]:
    """The set of labels that a mask stands for."""
    units = range(net.n_units)

    def assembly(mask: int) -> Assembly:
        return frozenset(net.labels[u] for u in units if mask >> u & 1)

    return assembly


@of_network
def assembly_probability(
    net: Network, assembly: Iterable[Hashable], start: Hashable | None = None, *, input: Any = None
) -> sympy.Expr:
    """Probability of one assembly given an avalanche, from two determinants; any N.

    Args:
        assembly: labels of the units that fire.
        start, input: as in :func:`assembly_law`.

    Raises:
        UnknownUnitError: a label is not in the network.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> alpha = sympy.Symbol("alpha")
    >>> assembly_probability(Network([[0, alpha], [alpha, 0]]), {0, 1})
    alpha
    """
    indices = units_of(net, as_set(net, assembly))
    starts = Starts.of(net, origin_of(net, start, input, "assembly_probability"))
    system = starts.system
    total = system.ring.zero
    for k, weight in starts.weights.items():
        if k in indices:
            total += weight * scaled_tree(system, indices, k)
    silent = [u for u in range(net.n_units) if u not in indices]
    if total:
        total *= scaled_forest(system, silent)
    for one in starts.inputs if indices else ():
        tree = scaled_tree(one.system, [*indices, one.source], one.source)
        total += one.root * tree * scaled_forest(one.silent, silent)
    return quotient(system.ring, total, starts.total)


@of_network
def assembly_latex(
    net: Network, assembly: Iterable[Hashable], start: Hashable, **options: Unpack[LayoutOptions]
) -> str:
    r"""LaTeX of how one probability comes about: both determinants with their matrices written out.

    Shows tau_k(A), f(complement of A), det(M without k) and P(A | k) = tau_k(A) f / det(M without k), the
    last without its value if that is symbolic and longer than a row. Derivation 01.

    Args:
        assembly: labels of the units that fire.
        start: label of the unit that fires first.
        options: line, label, environment, symbol_names, as in :class:`~exactav.showing.layout.LayoutOptions`.

    >>> print(assembly_latex(Network([[0, "1/2"], ["1/4", 0]]), {0}, start=0).splitlines()[2])
    A &= \{0\} \\
    """
    inside, units = as_set(net, assembly), Units(net)
    outside = [label for label in net.labels if label not in inside]
    determinants = [
        (
            r"\tau_k(A) &= \det",
            induced_laplacian(net, inside, without=start),
            tree_weight(net, inside, start),
        ),
        (
            r"f(\bar{A}) &= \det",
            induced_laplacian(net, outside, leak=True),
            forest_weight(net, outside),
        ),
        (
            r"\det M_{\setminus k} &= \det",
            induced_laplacian(net, net.labels, leak=True, without=start),
            forest_weight_without(net, start),
        ),
    ]
    probability = assembly_probability(net, inside, start)
    layout = Layout.of(options)
    is_short = not probability.free_symbols or width(expression(probability)) <= layout.line / 2
    matrices = [(head, layout.renamed(matrix), layout.renamed(value)) for head, matrix, value in determinants]
    return latex.align(
        [
            *latex.rows("k", latex.label(start), line=layout.line),
            *latex.rows("A", units.latex(inside), line=layout.line),
            *latex.rows(r"\bar{A}", units.latex(frozenset(outside)), line=layout.line),
            *latex.matrix_rows(matrices, layout.line),
            *latex.rows(
                r"P(A \mid k)",
                r"\frac{\tau_k(A)\, f(\bar{A})}{\det M_{\setminus k}}",
                *[layout.renamed(probability)] * is_short,
                line=layout.line,
            ),
        ],
        layout,
    )


def forest_weight_without(net: Network, start: Hashable) -> sympy.Expr:
    """det(M without start), the total weight of all assemblies of one start."""
    system = net.system
    scale = system.ring.one
    for unit, factor in enumerate(system.scales):
        if unit != net.index(start):
            scale *= factor
    return quotient(system.ring, system.minor(net.index(start)), scale)
