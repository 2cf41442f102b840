"""Old names of modules, which work for one release and say where things are now."""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from operator import attrgetter
from types import MappingProxyType, ModuleType
from typing import Any

_RELEASE = "0.3"  # in which old names go

MOVED = MappingProxyType(
    {
        "arithmetic": "numbers.domains",
        "checks": "proofs.checks",
        "cli": "command.cli",
        "derivation": "proofs.derivation",
        "digits": "numbers.digits",
        "engines.costs": "running.amounts",
        "engines.running": "running.tasks",
        "entries": "network.entries",
        "expressions": "numbers.expressions",
        "families": "network.families",
        "files": "running.files",
        "formulas.borel": "formulas.families.borel",
        "formulas.feedforward": "formulas.families.feedforward",
        "formulas.fourier": "formulas.families.fourier",
        "formulas.generations": "formulas.families.generations",
        "formulas.homogeneous": "formulas.families.homogeneous",
        "formulas.homogeneous_without_self": "formulas.families.homogeneous_without_self",
        "formulas.populations": "formulas.families.populations",
        "formulas.rings": "formulas.families.rings",
        "formulas.sandpile": "formulas.families.sandpile",
        "formulas.stars": "formulas.families.stars",
        "formulas.two_populations": "formulas.families.two_populations",
        "laplacian": "network.laplacian",
        "latex": "showing.latex",
        "laws.floats": "laws.law",
        "listing": "proofs.listing",
        "phase_space.flows": "sequences.cells",
        "phase_space.overlaps": "sequences.boxes",
        "plot": "showing.pictures",
        "report": "command.sections and command.rendering",
        "simulate": "sampling.simulate",
        "stationary": "sampling.states",
        "system": "network.system",
        "typesetting": "showing.typesetting",
        "validation": "command.validation",
        "workers": "running.workers",
    }
)
"""Old name -> new name of a module, or names if it was divided, all without the name of the package."""


class _Moved(ModuleType):
    """A module under its old name; where the package has a function of that name, it is that, too."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.__dict__[self.__name__.rpartition(".")[2]](*arguments, **options)


class _OldModules:
    """Finds modules by their old names. The base classes for it would load many modules, for nothing."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        package, _, old = name.partition(".")
        loader: Any = self
        return ModuleSpec(name, loader) if package == "exactav" and old in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Moved(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        names = [f"exactav.{new}" for new in MOVED[module.__name__.partition(".")[2]].split(" and ")]
        warnings.warn(
            f"the module {module.__name__} is now {' and '.join(names)}; the old name goes in {_RELEASE}",
            DeprecationWarning,
            stacklevel=2,
        )
        for found in map(import_module, names):
            everything = vars(found).items()
            module.__dict__.update({key: value for key, value in everything if not key.startswith("__")})
            module.__doc__ = found.__doc__


def keep_old_names() -> None:
    """Let modules be imported by their old names, too."""
    if not any(isinstance(finder, _OldModules) for finder in sys.meta_path):
        sys.meta_path.append(_OldModules())


def renamed(old: str, new: str) -> Any:
    """A property under the old name of an attribute; the new one may be of a part, as in ``kind.text``."""

    def get(self: Any) -> Any:
        said = f"{type(self).__name__}.{old} is now .{new}; the old name goes in {_RELEASE}"
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        return attrgetter(new)(self)

    return property(get, doc=f"The old name of ``{new}``.")
