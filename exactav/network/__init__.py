"""The model: networks, what makes one valid, what engines see of it, and ready families of them."""

from exactav.network.network import Network as Network

__all__ = ["Network"]
