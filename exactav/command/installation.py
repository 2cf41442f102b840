"""What is installed and what the computer has, as far as exactav uses it."""

import os
import platform
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from math import inf
from pathlib import Path
from types import MappingProxyType

from exactav import __version__
from exactav.kernels.loading import can_compile
from exactav.kernels.machine import Machine
from exactav.running.amounts import memory_text
from exactav.running.memory import address_limit, available
from exactav.texts import as_text, shortened

CORE = ("sympy", "mpmath", "numpy", "networkx", "click", "rich")
EXTRAS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "fast": (("numba", "numba"), ("python-flint", "flint")),
        "plot": (("matplotlib", "matplotlib"),),
        "html": (("latex2mathml", "latex2mathml"),),
        "distributed": (("dask", "dask"), ("distributed", "distributed")),
    }
)
"""Extra -> (package, its module)."""

_PROCESSOR_SHARE = Path("/sys/fs/cgroup/cpu.max")
_NAMED = 12  # compiled functions


def facts() -> dict[str, str]:
    """Names and what is there, in the order in which one reads them."""
    found = {
        "exactav": f"{__version__}, in {Path(__file__).parents[1]}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}, {sys.executable}",
        "platform": platform.platform(),
    }
    found |= {package: _version(package) or "not installed: install exactav again" for package in CORE}
    for extra, packages in EXTRAS.items():
        found |= {package: _extra(extra, package, module) for package, module in packages}
    return {**found, "cores": cores(), "memory": memory(), **compiled()}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _extra(extra: str, package: str, module: str) -> str:
    there = _version(package)
    if there is None:
        return f"not installed: pip install 'exactav[{extra}]'"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import_module(module)
    except Exception as error:  # whatever a broken installation raises
        return f"{there}, does not import ({_said(error)}): pip install --force-reinstall {package}"
    return f"{there} (extra {extra})"


def _said(error: Exception) -> str:
    return shortened(" ".join(f"{type(error).__name__}: {as_text(error)}".split()), 200)


def cores() -> str:
    """The cores of the machine, and those that this process may use where that are fewer."""
    whole = os.cpu_count() or 1
    usable = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else whole)
    try:  # what a container may take
        quota, period = _PROCESSOR_SHARE.read_text().split()
        usable = min(usable, int(quota) / int(period))
    except (OSError, ValueError, ZeroDivisionError):  # no bound is known
        pass
    return f"{whole}" if usable >= whole else f"{whole}, of which {usable:.3g} may be used"


def memory() -> str:
    """Memory of the machine, what is free of it, and what this process is limited to."""
    whole, free = Machine.here().megabytes, available()
    said = "not known" if whole == inf else memory_text(whole)
    said += "" if free == inf else f", {memory_text(free)} available"
    limit = address_limit()
    return said if limit == inf else f"{said}, limited to {memory_text(limit)} (ulimit -v)"


def compiled() -> dict[str, str]:
    """Whether there is compiled code, where it is kept, and what of it is there."""
    if not can_compile():
        return {"compiled code": "none, since numba is not there; results are the same, and slower"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiling = import_module("exactav.kernels.compiled.compiling")
    except Exception as error:  # as of an extra that does not import
        return {"compiled code": f"none ({_said(error)}); results are the same, and slower"}
    folders = compiling.cache_folders()
    if not folders:
        return {"compiled code": "is not kept: set NUMBA_CACHE_DIR to a folder that can be written"}
    names = sorted({path.name.partition("-")[0] for folder in folders for path in folder.glob("*.nbi")})
    shown = ", ".join(name.rpartition(".")[2] for name in names[:_NAMED])
    shown += f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    where = " and ".join(map(str, folders))
    return {
        "compiled code": f"kept in {where}, which can be written",
        "compiled so far": f"{len(names)} functions: {shown}" if names else "nothing yet: once it is needed",
    }
