"""Whether two exact values are equal as mathematics: numbers, expressions, matrices, mappings, sequences.

Numbers are equal or not, algebraic ones for sure. Expressions in symbols are equal if their difference has
the normal form 0, and differ only where exact values at a rational point do; in between they are undecided.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from numbers import Rational as PythonRational
from typing import Any

import numpy as np
import sympy
from mpmath import mpf
from sympy.logic.boolalg import BooleanAtom
from sympy.polys.rings import PolyElement

from exactav.errors import ExactavError, InexactError, UndecidedError
from exactav.numbers.expressions import shown
from exactav.numbers.fields import is_zero
from exactav.proofs import terms
from exactav.proofs.boxes import excludes_zero
from exactav.proofs.points import POINTS, points
from exactav.proofs.values import may_be_expanded, refuse_large, value_at
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted, undecided
from exactav.texts import as_text

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
        return refuted(both(left, right))
    return undecided(f"values of different kinds: {both(left, right)}")


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


def both(left: Any, right: Any) -> str:
    """The two sides, in a message."""
    return f"left is {_text(left)}, right is {_text(right)}"


def _text(value: Any) -> str:
    return shown(value) if isinstance(value, sympy.Expr) else as_text(value)


def _mappings(left: Mapping[Any, Any], right: Mapping[Any, Any]) -> Verdict:
    if (keys := _sets(set(left), set(right))) != HOLDS:
        return keys.at("of keys")
    return all_hold(compare(value, right[key]).at(f"at {key}") for key, value in left.items())


def _sets(left: Set[Any], right: Set[Any]) -> Verdict:
    only = [*(set(left) - set(right)), *(set(right) - set(left))]
    if not only:
        return HOLDS
    if any(isinstance(one, sympy.Expr) and not one.is_Rational for one in only):
        return undecided(f"sets of expressions are compared as they are written: {both(left, right)}")
    return refuted(f"only one side has {only[0]}: {both(left, right)}")


def _sequences(left: Sequence[Any], right: Sequence[Any]) -> Verdict:
    if len(left) != len(right):
        return refuted(f"left has {len(left)} entries, right has {len(right)}: {both(left, right)}")
    pairs = enumerate(zip(left, right, strict=True))
    return all_hold(compare(a, b).at(f"at [{place}]") for place, (a, b) in pairs)


def _polynomials(left: PolyElement, right: PolyElement) -> Verdict:
    if left.ring != right.ring:
        return _expressions(left.as_expr(), right.as_expr())
    return HOLDS if left == right else refuted(both(left, right))


def _objects(left: Any, right: Any) -> Verdict:
    """What has an equality of its own."""
    if left is right or left == right:
        return HOLDS
    if getattr(type(left), "__eq__", None) is getattr(object, "__eq__", None):
        return undecided(f"no equality is known of {type(left).__name__}")
    return refuted(both(left, right))


def _expressions(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    if left.has(sympy.nan, sympy.zoo) or right.has(sympy.nan, sympy.zoo):
        return undecided(f"no value: {both(left, right)}")
    if left == right:
        return HOLDS
    if left.is_Rational and right.is_Rational:
        return refuted(both(left, right))
    if left.free_symbols or right.free_symbols:
        return _identical(left, right)
    try:
        refuse_large(left)
        refuse_large(right)
    except OverflowError as error:
        if any(excludes_zero(left - right, bits) for bits in _BITS):
            return refuted(both(left, right))
        return undecided(f"it is not worked with: {error}")  # printing it would be to work with it
    if left.is_infinite or right.is_infinite:
        told = all(side in (sympy.oo, -sympy.oo) or side.is_finite for side in (left, right))
        return refuted(both(left, right)) if told else undecided(f"not both are finite: {both(left, right)}")
    return _constants(left, right)


def _constants(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    """Of numbers: by the normal form of their difference, or an enclosure of it."""
    difference = sympy.expand(left - right)
    if difference == 0:
        return HOLDS
    if difference.has(sympy.I):
        parts = (_constants(part, sympy.S.Zero) for part in difference.as_real_imag())
        verdict = all_hold(parts)
        return refuted(both(left, right)) if verdict.is_refuted else verdict
    try:
        return HOLDS if is_zero(difference) else refuted(both(left, right))
    except ExactavError:  # it is not algebraic, or of too high a degree
        pass
    if any(excludes_zero(difference, bits) for bits in _BITS):
        return refuted(both(left, right))
    if _simplifies_to_zero(difference):
        return HOLDS
    return undecided(f"{both(left, right)}, whose difference is neither 0 in normal form nor surely another")


def _simplifies_to_zero(expr: sympy.Expr) -> bool:
    for simplify in _SIMPLIFIERS:
        try:
            if sympy.cancel(sympy.together(simplify(expr))) == 0:
                return True
        except (*_NO_VALUE, sympy.PolynomialError):
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
    is_small = may_be_expanded(difference)
    if is_small and (sympy.cancel(sympy.together(difference)) == 0 or _vanishes_as_term(difference)):
        return HOLDS
    equal = 0
    for point in points(left, right):
        try:
            a, b = (value_at(side, point) for side in (left, right))
        except _NO_VALUE:
            continue
        if not (a.is_number and b.is_number):
            continue
        verdict = _expressions(a, b)
        if verdict.is_refuted:
            return verdict.at("at " + ", ".join(f"{symbol} = {value}" for symbol, value in point.items()))
        equal += verdict == HOLDS
    if is_small and _simplifies_to_zero(difference):
        return HOLDS
    return undecided(
        f"left minus right, {shown(difference)}, does not simplify to 0; it is 0 at {equal} of {POINTS} "
        f"rational points, and surely another number at none; {would_decide(left, right)}"
    )


def would_decide(left: Any, right: Any) -> str:
    """What a user can do about two sides that are neither shown to be equal nor different.

    >>> x, y = sympy.symbols("x y")
    >>> would_decide(sympy.sqrt(x**2), x)
    'conditions that tell signs (where=..., or assumptions of the symbols) may decide it'
    >>> would_decide((x * y) ** sympy.Symbol("n"), x)
    'symbols of exponents that are declared whole (integer=True) may decide it'
    """
    sides = [sympy.sympify(side) for side in (left, right) if isinstance(side, sympy.Expr | int)]
    if any(side.has(sympy.Sum, sympy.Product) for side in sides):
        return "a sum is decided by telescoping(...), or by induction(...) from its recursion"
    powers = [part for side in sides for part in side.atoms(sympy.Pow)]
    if any(symbol.is_integer is None for power in powers for symbol in power.exp.free_symbols):
        return "symbols of exponents that are declared whole (integer=True) may decide it"
    roots = any(power.exp.is_Rational and not power.exp.is_Integer for power in powers)
    if roots or any(side.has(sympy.Abs, sympy.sign, sympy.Piecewise, sympy.Max, sympy.Min) for side in sides):
        return "conditions that tell signs (where=..., or assumptions of the symbols) may decide it"
    return "a step between, another form of a side, or a check of another kind may decide it"


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
