"""Names of packages whose modules are loaded when one of their names is first asked for."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


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
        module = import_module(place)
        return vars(sys.modules[package]).setdefault(name, getattr(module, there) if there else module)

    return found
