"""The law of the assembly: which units fire."""

from collections.abc import Hashable, Iterable, Mapping
from concurrent.futures import Executor
from typing import Any, Literal

import sympy

from exactav.engines import answers, plan
from exactav.errors import UnknownOutcomeError
from exactav.laws.law import Law
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts
from exactav.network.laplacian import (
    forest_weight,
    induced_laplacian,
    scaled_forest,
    scaled_tree,
    tree_weight,
    units_of,
)
from exactav.network.network import Network
from exactav.numbers.domains import Element, quotient
from exactav.running.tasks import Progress, Running, no_progress
from exactav.showing import latex
from exactav.showing.typesetting import LINE, expression, width

AssemblyMethod = Literal["auto", "subsets", "connected"]


def set_key(net: Network, units: Iterable[Hashable]) -> tuple[int, list[int]]:
    """Sets of units are listed by size, then in network order."""
    indices = units_of(net, units)
    return len(indices), indices


def set_text(net: Network, units: Iterable[Hashable]) -> str:
    """``{a, b}`` in network order."""
    return "{" + ", ".join(str(net.labels[i]) for i in units_of(net, units)) + "}"


def set_latex(net: Network, units: Iterable[Hashable]) -> str:
    """A set of units in math mode, in network order."""
    return latex.labels(net.labels[i] for i in units_of(net, units))


def as_set(net: Network, key: Any) -> frozenset[Hashable]:
    """``key`` as a set of labels of the network.

    Raises:
        UnknownOutcomeError: ``key`` is not a collection of labels.
    """
    if isinstance(key, str) or not isinstance(key, Iterable):
        raise UnknownOutcomeError(f"{key!r} is no set of units: write {{label, ...}}")
    units = frozenset(key)
    for unit in units:
        net.index(unit)
    return units


class AssemblyLaw(Law[frozenset[Hashable]]):
    """Law of the assembly, keyed by frozensets of labels; any collection of labels may be asked for."""

    __slots__ = ()
    kind, letter, nothing = "assembly", "A", frozenset[Hashable]()

    def outcome(self, key: Any) -> frozenset[Hashable]:
        return as_set(self.network, key)

    def sort_key(self, outcome: frozenset[Hashable]) -> tuple[int, list[int]]:
        return set_key(self.network, outcome)

    def outcome_text(self, outcome: frozenset[Hashable]) -> str:
        return set_text(self.network, outcome)

    def outcome_latex(self, outcome: frozenset[Hashable]) -> str:
        return set_latex(self.network, outcome)

    def size_law(self) -> SizeLaw:
        """The law of the size of the assembly."""
        return self.pushed(SizeLaw, len)


def assembly_law(
    net: Network,
    start: Hashable | None = None,
    *,
    method: AssemblyMethod = "auto",
    max_cost: float = plan.MAX_COST,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> AssemblyLaw:
    """The law of the assembly given an avalanche.

    P(A) = sum_k p_k tau_k(A) f(complement of A) / sum_k p_k det(M without k), see derivation 01 and
    arXiv:2202.02520.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        method: "subsets" visits all sets of units; "connected" those only that a start can recruit from
            within; "auto" takes the cheaper.
        max_cost: largest estimated cost allowed, in seconds of an ordinary core.
        executor, progress: as in :func:`exactav.size_law`.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> assembly_law(net).pmf()
    {frozenset({0}): 3/8, frozenset({1}): 1/4, frozenset({0, 1}): 3/8}
    """
    starts = Starts.of(net, start)
    running = Running(executor, progress=progress or no_progress)
    weights = answers.assembly_weights(net.system, starts.weights, starts.total, method, max_cost, running)
    return AssemblyLaw(net, start, net.system.ring, _labelled(net, weights), starts.total)


def _labelled(net: Network, weights: Mapping[int, Element]) -> dict[frozenset[Hashable], Element]:
    units = range(net.n_units)
    return {
        frozenset(net.labels[u] for u in units if mask >> u & 1): weight for mask, weight in weights.items()
    }


def assembly_probability(
    net: Network, assembly: Iterable[Hashable], start: Hashable | None = None
) -> sympy.Expr:
    """Probability of one assembly given an avalanche, from two determinants; any N.

    Args:
        assembly: labels of the units that fire.
        start: as in :func:`assembly_law`.

    Raises:
        UnknownUnitError: a label is not in the network.

    >>> alpha = sympy.Symbol("alpha")
    >>> assembly_probability(Network([[0, alpha], [alpha, 0]]), {0, 1})
    alpha
    """
    indices = units_of(net, as_set(net, assembly))
    starts = Starts.of(net, start)
    system = net.system
    total = system.ring.zero
    for k, weight in starts.weights.items():
        if k in indices:
            total += weight * scaled_tree(net, indices, k)
    if total:
        total *= scaled_forest(net, [u for u in range(net.n_units) if u not in indices])
    return quotient(system.ring, total, starts.total)


def assembly_latex(net: Network, assembly: Iterable[Hashable], start: Hashable) -> str:
    r"""LaTeX of how one probability comes about: both determinants with their matrices written out.

    Shows tau_k(A), f(complement of A), det(M without k) and P(A | k) = tau_k(A) f / det(M without k), the
    last without its value if that is symbolic and longer than a row. Derivation 01.

    >>> print(assembly_latex(Network([[0, "1/2"], ["1/4", 0]]), {0}, start=0).splitlines()[2])
    A &= \{0\} \\
    """
    inside = as_set(net, assembly)
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
    is_short = not probability.free_symbols or width(expression(probability)) <= LINE / 2
    return latex.align(
        [
            *latex.rows("k", latex.label(start)),
            *latex.rows("A", set_latex(net, inside)),
            *latex.rows(r"\bar{A}", set_latex(net, outside)),
            *latex.matrix_rows(determinants),
            *latex.rows(
                r"P(A \mid k)",
                r"\frac{\tau_k(A)\, f(\bar{A})}{\det M_{\setminus k}}",
                *[probability] * is_short,
            ),
        ]
    )


def forest_weight_without(net: Network, start: Hashable) -> sympy.Expr:
    """det(M without start), the total weight of all assemblies of one start."""
    system = net.system
    scale = system.ring.one
    for unit, factor in enumerate(system.scales):
        if unit != net.index(start):
            scale *= factor
    return quotient(system.ring, system.minor(net.index(start)), scale)
