"""Whether two exact values are equal as mathematics: numbers, expressions, matrices, mappings, sequences.

Numbers are equal or not, algebraic ones for sure. Expressions in symbols are equal if their difference has
the normal form 0, and differ only where exact values at a rational point do; in between they are undecided.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from numbers import Rational as PythonRational
from typing import Any

import numpy as np
import sympy
from mpmath import mpf
from sympy.logic.boolalg import BooleanAtom
from sympy.polys.rings import PolyElement

from exactav.errors import ExactavError, InexactError, UndecidedError
from exactav.numbers.fields import is_zero
from exactav.proofs import terms
from exactav.proofs.boxes import bounds
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted, undecided

_POINTS = 24  # enough that a rational function that vanishes at all of them is no accident
_BITS = (128, 1024)  # transcendental numbers closer than 2^-1024 are not told apart
_SIMPLIFIERS: tuple[Callable[[sympy.Expr], sympy.Expr], ...] = (
    sympy.expand_func,
    sympy.expand,
    sympy.gammasimp,
    sympy.trigsimp,
    sympy.simplify,
)
_NO_VALUE = (ArithmeticError, ValueError, NotImplementedError, RecursionError)


def compare(left: Any, right: Any) -> Verdict:
    """Whether two exact values are equal: holds, refuted, or undecided.

    Mappings (laws among them) must have the same keys, sequences and matrices the same shape; what is in them
    is compared entry by entry.

    Raises:
        InexactError: a value is a float, or has one in it.

    >>> compare([sympy.sqrt(5 + 2 * sympy.sqrt(6))], (sympy.sqrt(2) + sympy.sqrt(3),)).outcome
    'holds'
    >>> compare({1: sympy.Rational(1, 2)}, {1: sympy.Rational(1, 3)})
    Verdict(outcome='refuted', detail='at 1, left is 1/2, right is 1/3')
    """
    a, b = _plain(left), _plain(right)
    kind = _kind(a)
    if kind is _kind(b):
        return _COMPARED[kind](a, b)
    if a is None or b is None:
        return refuted(_both(left, right))
    return undecided(f"values of different kinds: {_both(left, right)}")


def _plain(value: Any) -> Any:
    """The value with numbers as SymPy's, truth values as Python's, matrices as rows."""
    if isinstance(value, float | complex | np.inexact | sympy.Float | mpf):
        raise InexactError(f"{value!r} is a float: compare exact values, or digits with same_digits")
    if isinstance(value, bool | np.bool_ | BooleanAtom):
        return bool(value)
    if isinstance(value, sympy.MatrixBase | np.ndarray):
        return value.tolist()
    if isinstance(value, sympy.Expr):
        if value.has(sympy.Float):
            raise InexactError(f"{value} has a float in it: compare exact values")
        return value
    if isinstance(value, PythonRational | np.integer | sympy.ZZ.dtype | sympy.QQ.dtype):
        return sympy.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, sympy.Tuple | range):
        return tuple(value)
    return frozenset(value) if isinstance(value, sympy.FiniteSet) else value


def _kind(value: Any) -> Any:
    return next(kind for kind in _COMPARED if isinstance(value, kind))


def _both(left: Any, right: Any) -> str:
    return f"left is {left}, right is {right}"


def _mappings(left: Mapping[Any, Any], right: Mapping[Any, Any]) -> Verdict:
    if (keys := _sets(set(left), set(right))) != HOLDS:
        return keys.at("of keys")
    return all_hold(compare(value, right[key]).at(f"at {key}") for key, value in left.items())


def _sets(left: Set[Any], right: Set[Any]) -> Verdict:
    only = [*(set(left) - set(right)), *(set(right) - set(left))]
    if not only:
        return HOLDS
    if any(isinstance(one, sympy.Expr) and not one.is_Rational for one in only):
        return undecided(f"sets of expressions are compared as they are written: {_both(left, right)}")
    return refuted(f"only one side has {only[0]}: {_both(left, right)}")


def _sequences(left: Sequence[Any], right: Sequence[Any]) -> Verdict:
    if len(left) != len(right):
        return refuted(f"left has {len(left)} entries, right has {len(right)}: {_both(left, right)}")
    pairs = enumerate(zip(left, right, strict=True))
    return all_hold(compare(a, b).at(f"at [{place}]") for place, (a, b) in pairs)


def _polynomials(left: PolyElement, right: PolyElement) -> Verdict:
    if left.ring != right.ring:
        return _expressions(left.as_expr(), right.as_expr())
    return HOLDS if left == right else refuted(_both(left, right))


def _objects(left: Any, right: Any) -> Verdict:
    """What has an equality of its own."""
    if left is right or left == right:
        return HOLDS
    if getattr(type(left), "__eq__", None) is getattr(object, "__eq__", None):
        return undecided(f"no equality is known of {type(left).__name__}")
    return refuted(_both(left, right))


def _expressions(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    if left.has(sympy.nan, sympy.zoo) or right.has(sympy.nan, sympy.zoo):
        return undecided(f"no value: {_both(left, right)}")
    if left == right:
        return HOLDS
    if left.is_Rational and right.is_Rational:
        return refuted(_both(left, right))
    if left.free_symbols or right.free_symbols:
        return _identical(left, right)
    if left.is_infinite or right.is_infinite:
        return refuted(_both(left, right))
    return _constants(left, right)


def _constants(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    """Of numbers: by the normal form of their difference, or an enclosure of it."""
    difference = sympy.expand(left - right)
    if difference == 0:
        return HOLDS
    if difference.has(sympy.I):
        parts = (_constants(part, sympy.S.Zero) for part in difference.as_real_imag())
        verdict = all_hold(parts)
        return refuted(_both(left, right)) if verdict.is_refuted else verdict
    try:
        return HOLDS if is_zero(difference) else refuted(_both(left, right))
    except ExactavError:  # it is not algebraic, or of too high a degree
        pass
    if any(_excludes_zero(difference, bits) for bits in _BITS):
        return refuted(_both(left, right))
    if _simplifies_to_zero(difference):
        return HOLDS
    return undecided(f"{_both(left, right)}, whose difference is neither 0 in normal form nor surely another")


def _excludes_zero(expr: sympy.Expr, bits: int) -> bool:
    """Whether an enclosure by interval arithmetic does; False where none is known."""
    found = bounds(expr, bits)
    return found is not None and (found[0] > 0 or found[1] < 0)


def _simplifies_to_zero(expr: sympy.Expr) -> bool:
    for simplify in _SIMPLIFIERS:
        try:
            if sympy.cancel(sympy.together(simplify(expr))) == 0:
                return True
        except (NotImplementedError, sympy.PolynomialError):
            continue
    return False


def _vanishes_as_term(difference: sympy.Expr) -> bool:
    try:
        return terms.is_zero(difference)
    except UndecidedError:
        return False


def _identical(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    """Of expressions in symbols."""
    left, right = _same_bound(left), _same_bound(right)
    difference = left - right
    if sympy.cancel(sympy.together(difference)) == 0 or _vanishes_as_term(difference):
        return HOLDS
    equal = 0
    for point in _points(left, right):
        try:
            a, b = (side.subs(point, simultaneous=True).doit() for side in (left, right))
        except _NO_VALUE:
            continue
        if not (a.is_number and b.is_number):
            continue
        verdict = _expressions(a, b)
        if verdict.is_refuted:
            return verdict.at("at " + ", ".join(f"{symbol} = {value}" for symbol, value in point.items()))
        equal += verdict == HOLDS
    if _simplifies_to_zero(difference):
        return HOLDS
    return undecided(
        f"left minus right, {difference}, does not simplify to 0; it is 0 at {equal} of {_POINTS} rational "
        "points, and surely another number at none"
    )


def _same_bound(expr: sympy.Expr) -> sympy.Expr:
    """Sums and products over symbols named by how many are within, so that equal ones are one expression."""
    if not expr.has(sympy.Sum, sympy.Product):
        return expr
    same = expr.func(*(_same_bound(part) for part in expr.args))
    if not isinstance(same, sympy.Sum | sympy.Product) or same.free_symbols & set(same.variables):
        return same
    within = len(same.atoms(sympy.Sum, sympy.Product))
    names = {limit[0]: sympy.Symbol(f"_{within}_{place}") for place, limit in enumerate(same.limits)}
    return same.func(*(part.xreplace(names) for part in same.args))


def _points(*sides: sympy.Expr) -> Iterator[dict[sympy.Symbol, sympy.Rational]]:
    """Rational values that the assumptions of the symbols allow: whole ones first, then any of both signs."""
    dice = random.Random(1)
    totals = (total for side in sides for total in side.atoms(sympy.Sum, sympy.Product))
    counts = {symbol for total in totals for symbol in _bounds(total)}
    symbols = sorted({symbol for side in sides for symbol in side.free_symbols}, key=str)
    for tried in range(_POINTS):
        point = {}
        for symbol in symbols:
            whole = tried < _POINTS // 3 or symbol in counts
            drawn = (_drawn(dice, whole=whole or attempt % 2 == 0) for attempt in range(60))
            allowed = (value for value in drawn if _may_be(symbol, value, is_count=whole))
            if (value := next(allowed, None)) is not None:
                point[symbol] = value
        if len(point) == len(symbols):
            yield point


def _bounds(total: sympy.Sum | sympy.Product) -> set[sympy.Symbol]:
    return {symbol for _, *ends in total.limits for end in ends for symbol in end.free_symbols}


def _drawn(dice: random.Random, *, whole: bool) -> sympy.Rational:
    return sympy.Rational(dice.randint(-12, 12), 1 if whole else dice.randint(2, 9))


def _may_be(symbol: sympy.Symbol, value: sympy.Rational, *, is_count: bool) -> bool:
    """Whether the symbol's assumptions allow the value; a count is at least 1, if they do."""
    known = symbol.assumptions0
    if is_count and value < 1 and not known.get("nonpositive"):
        return False
    return all(getattr(value, f"is_{name}", None) in (None, truth) for name, truth in known.items())


_COMPARED: Mapping[type, Callable[[Any, Any], Verdict]] = {
    bool: _objects,
    str: _objects,
    sympy.Expr: _expressions,
    PolyElement: _polynomials,
    Mapping: _mappings,
    Set: _sets,
    Sequence: _sequences,
    object: _objects,
}
