"""Names of packages whose modules are loaded when one of their names is first asked for."""

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from threading import RLock
from typing import Any

_LOADING = RLock()
"""One thread loads at a time: Python lets two that load a package and a part of it wait for each other."""

if hasattr(os, "register_at_fork"):  # a fork has only its own thread, which must not wait for others
    os.register_at_fork(
        before=_LOADING.acquire, after_in_parent=_LOADING.release, after_in_child=_LOADING.release
    )


def deferred(package: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package.

    Args:
        names: by module of the package, those it is asked for, with spaces between; ``here=there`` is called
            ``there`` in its module, and ``here=`` is the module itself.

    >>> import exactav
    >>> exactav.size_law is deferred("exactav", {"laws.size": "size_law"})("size_law")
    True
    """
    places = {}
    for module, listed in names.items():
        for name in listed.split():
            here, is_renamed, there = name.partition("=")
            places[here] = (f"{package}.{module}", there if is_renamed else here)

    def found(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        place, there = places[name]
        with _LOADING:
            module = import_module(place)
        return vars(sys.modules[package]).setdefault(name, getattr(module, there) if there else module)

    return found
