"""A mapping that can be hashed and pickled, for the fields of frozen values."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from exactav.pickles import tagged

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Frozen(Mapping[K, V]):
    """A mapping that nothing changes; equal to any mapping with the same items, and shown as a dict.

    >>> sides = Frozen({"a": 1})
    >>> sides, sides == {"a": 1}, len({sides, Frozen({"a": 1})})
    ({'a': 1}, True, 1)
    """

    __slots__ = ("_items",)

    __reduce_ex__ = tagged

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)
