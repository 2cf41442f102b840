"""The model: networks, what makes one valid, what engines see of it, and ready families of them."""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.network.network import Network
else:
    __getattr__ = deferred(__name__, {"network": "Network"})

__all__ = ["Network"]
