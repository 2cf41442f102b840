"""Who started an avalanche, given who fired."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exactav.errors import OptionError, UnknownOutcomeError, UnknownUnitError
from exactav.kernels.determinants import inverse
from exactav.laws.kind import Kind, Units, as_set
from exactav.laws.law import Law
from exactav.laws.measure import Exact
from exactav.laws.starts import Starts
from exactav.network.asked import of_network
from exactav.network.laplacian import units_of
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.showing import latex


@dataclass(frozen=True)
class Unit(Kind[Hashable]):
    """One unit of a network, by label."""

    network: Network
    name: str = "start"
    letter: str = "k"

    @property
    def nothing(self) -> Hashable:
        raise OptionError("a law of the start is given an avalanche: it has no law per slow step")

    def read(self, key: Any) -> Hashable:
        try:
            return self.network.labels[self.network.index(key)]
        except UnknownUnitError as error:
            raise UnknownOutcomeError(str(error)) from None

    def order(self) -> Callable[[Hashable], Any]:
        return self.network.index

    def latex(self, outcome: Hashable) -> str:
        return latex.label(outcome)

    def data(self, outcome: Hashable) -> Any:
        return outcome if isinstance(outcome, int) else str(outcome)

    def as_data(self) -> dict[str, Any]:
        return {"of": "unit"}


class StartLaw(Law[Hashable]):
    """Law of the start of an avalanche, keyed by the labels of units."""

    __slots__ = ()

    @classmethod
    def _kind_of(cls, network: Network) -> Unit:
        return Unit(network)


@of_network
def start_law(net: Network, assembly: Iterable[Hashable]) -> StartLaw:
    """Who started, given who fired: the law of the start k given the assembly A.

    P(k | A) is proportional to p_k tau_k(A), whatever is silent: derivation 17. All tau_k(A) are, up to one
    factor, the left null vector of L[A] (Markov chain tree theorem): one inverse, for A of any size.

    Args:
        assembly: labels of A, the units that fired.

    Raises:
        UnknownUnitError: a label is not in the network.
        OptionError: no avalanche has this assembly.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> law = start_law(Network([[0, "1/2"], ["1/4", 0]]), {0, 1})
    >>> law.pmf()
    {0: 1/3, 1: 2/3}
    """
    net.require_single_firing("start_law")
    fired = as_set(net, assembly)
    inside = units_of(net, fired)
    system, starts = net.system, Starts.of(net, None)
    silent = [unit for unit in range(net.n_units) if net.labels[unit] not in fired]
    text = Units(net).text(fired)
    roots = [unit for unit in inside if len(_leading_to(system, {unit}, inside)) == len(inside)]
    driven = [unit for unit in roots if unit in starts.weights]
    leaking = {unit for unit in silent if system.leak[unit]}
    if not driven or len(_leading_to(system, leaking, silent)) < len(silent):
        raise OptionError(f"no avalanche has the assembly {text}: ask for one of positive probability")
    trees = _trees(system, inside, driven[0])
    weights = {net.labels[unit]: trees[unit] * starts.weights[unit] for unit in driven}
    measure = Exact(system.ring, weights, sum(weights.values(), system.ring.zero))
    return StartLaw(net, None, Unit(net), measure, condition=f"the assembly {text}")


def _leading_to(system: System, targets: Collection[int], units: Collection[int]) -> set[int]:
    """The units from which parents within ``units`` lead to one of the targets, which are among them."""
    found, left = set(targets), set(units) - set(targets)
    while new := {unit for unit in left if not system.weights[unit].keys().isdisjoint(found)}:
        found |= new
        left -= new
    return found


def _trees(system: System, units: list[int], root: int) -> Mapping[int, Element]:
    """The scaled tree weights of all roots up to a common factor; that of ``root`` is not 0.

    They are the left null vector of the Laplacian of the units.
    """
    others = [unit for unit in units if unit != root]
    numerators, denominator = inverse(system.ring, system.laplacian(units, leak=False, without=root))
    row = system.weights[root]
    found = {root: denominator}
    for place, unit in enumerate(others):
        terms = (row[j] * numerators[i][place] for i, j in enumerate(others) if j in row)
        found[unit] = sum(terms, system.ring.zero)
    return found
