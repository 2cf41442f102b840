"""What formulas of strips are checked against: size laws of the networks."""

from collections.abc import Callable
from typing import Any

from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly


def checks_of(network: Callable[[int], Network], size: int) -> Callable[[Any], tuple[Check, ...]]:
    """The checks of a formula of P(L = size) in N, for the networks of few cells."""

    def law(n: int) -> Any:
        return size_law(network(n)).pmf().get(size, 0)

    return lambda formula: (
        exactly(
            f"size {size} of the size laws of 1 to 6 cells",
            range(1, 7),
            lambda n: formula.at(N=n),
            law,
        ),
    )
