"""The types of the laws that ``law.map`` makes."""

from collections.abc import Hashable

from exactav.laws.images import Mapped
from exactav.laws.law import Law
from exactav.laws.numeric import NumericLaw


class MappedLaw(Law[Hashable]):
    """Law of a function of the outcome of another law."""

    __slots__ = ()


class MappedNumberLaw(NumericLaw):
    """Law of a function with integer values, with all moments."""

    __slots__ = ()
    name, letter = "image", "X"


Mapped.law_of_anything = MappedLaw
Mapped.law_of_integers = MappedNumberLaw
