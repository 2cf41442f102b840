"""What a command is asked."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from exactav.network.network import Network


@dataclass(frozen=True)
class Asked:
    """The network that a command is asked about, the start, and how the law is to be computed."""

    name: str
    net: Network
    start: Hashable | None
    observed: Sequence[Hashable] | None = None
    method: str = "auto"
    arithmetic: Any = "exact"

    @property
    def asks_of_sizes(self) -> bool:
        """Whether an option is given that only the law of sizes has."""
        return self.observed is not None or (self.method, self.arithmetic) != ("auto", "exact")
