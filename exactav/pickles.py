"""Pickles that say which version of exactav wrote them, and that other versions refuse.

A class whose objects may be kept has ``__reduce_ex__ = tagged``. In the pickle, all of exactav that making
the object anew needs is named by texts, which nobody reads before the version is compared: a class that has
moved since is a clear refusal, too.

Whoever loads a pickle runs what is in it. So exactav itself loads none from a file.
"""

import re
from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from types import FunctionType, MethodType
from typing import Any, NamedTuple, NoReturn, SupportsIndex

from exactav.errors import ArgumentError, OtherVersionError

_OURS = re.compile(r"exactav\.[\w.]+")


def _version() -> str:
    """The version of exactav, whose face the rooms do not import."""
    return str(import_module("exactav").__version__)


class Named(NamedTuple):
    """A class or function of exactav, by where it is."""

    module: str
    name: str

    def found(self) -> Any:
        """What has this name."""
        return attrgetter(self.name)(import_module(self.module))


def tagged(thing: object, protocol: SupportsIndex) -> tuple[Any, ...]:
    """How ``thing`` is pickled: as its ``__reduce__`` or fields say, with the version."""
    reduced: Any = object.__reduce_ex__(thing, max(int(protocol), 2))
    make, given, *rest = reduced
    return *made_by(thing, make, *given), *rest


def made_by(thing: object, make: Callable[..., Any], *given: Any) -> tuple[Any, ...]:
    """How ``thing`` is pickled where ``make(*given)`` is equal to it."""
    kind = type(thing).__qualname__
    return restored, (_version(), kind, _named(make), tuple(map(_named, given)))


def restored(version: str, kind: str, made: Any, given: tuple[Any, ...]) -> Any:
    """The object of a pickle.

    Raises:
        OtherVersionError: another version of exactav wrote it.
    """
    if version != _version():
        raise OtherVersionError(
            f"this pickle of a {kind} was written by exactav {version}, and this is {_version()}: load it "
            "with that version, or compute it anew; networks and laws keep as JSON, see to_json()"
        )
    make, *arguments = (part.found() if isinstance(part, Named) else part for part in (made, *given))
    return make(*arguments)


def refusing(advice: str) -> Callable[[object, SupportsIndex], NoReturn]:
    """The ``__reduce_ex__`` of objects that hold functions; ``advice`` says what to do instead."""

    def refused(thing: object, protocol: SupportsIndex) -> NoReturn:
        kind = type(thing).__qualname__
        raise ArgumentError(f"a {kind} cannot be pickled, since it holds functions: {advice}")

    return refused


def _named(part: Any) -> Any:
    """``part``, by its name if it is a class or function of exactav."""
    owner = part.__self__ if isinstance(part, MethodType) else part
    if not isinstance(owner, type | FunctionType) or not _OURS.fullmatch(owner.__module__):
        return part
    name = owner.__qualname__ if owner is part else f"{owner.__qualname__}.{part.__name__}"
    return part if "<" in name else Named(owner.__module__, name)
