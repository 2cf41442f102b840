"""Roots, absolute values and cases, settled by the signs that are assumed or that conditions tell."""

from collections.abc import Sequence

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

_SIGNS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "==": {0}, "!=": {-1, 1}}


def signed(part: sympy.Basic) -> sympy.Basic:
    """With roots, absolute values and cases settled by the assumed signs of what is in them.

    >>> u = sympy.Symbol("u", positive=True)
    >>> signed(sympy.Abs(u / (1 + u) - 1))
    1/(u + 1)
    """
    if not isinstance(part, sympy.Expr) or not part.free_symbols:
        return part
    settled = part.replace(lambda inner: isinstance(inner, Relational), _settled)
    return settled.replace(_hides_signs, lambda inner: inner.func(*map(_factored, inner.args)))


def _hides_signs(part: sympy.Basic) -> bool:
    if part.is_Pow:
        return bool(part.exp.is_Rational and not part.exp.is_Integer)
    return isinstance(part, sympy.Abs | sympy.sign | sympy.log)


def _factored(part: sympy.Expr) -> sympy.Expr:
    return sympy.factor(sympy.cancel(sympy.together(part))) if part.free_symbols else part


def _settled(relation: Relational) -> Boolean:
    difference = _factored(relation.lhs - relation.rhs)
    known = relation.func(difference, 0)
    return known if known in (sympy.true, sympy.false) else relation


def implied(part: sympy.Basic, where: Sequence[Boolean]) -> sympy.Basic:
    """With relations, absolute values and signs settled where conditions tell them as they stand.

    >>> x, y = sympy.symbols("x y", real=True)
    >>> implied(sympy.Abs(x * y) + sympy.Piecewise((1, sympy.Eq(x * y, 0)), (2, True)), [x * y < 0])
    -x*y + 2
    """
    if not isinstance(part, sympy.Expr):
        return part

    def told(relation: Relational) -> Boolean:
        signs, true_of = _signs(relation.lhs - relation.rhs, where), _SIGNS.get(relation.rel_op)
        if true_of is None or (signs & true_of and signs - true_of):
            return relation
        return sympy.true if signs <= true_of else sympy.false

    def bare(inner: sympy.Expr) -> sympy.Expr:
        (inside,) = inner.args
        signs = _signs(inside, where) if inside.is_extended_real else set()
        if len(signs) != 1:
            return inner
        (sign,) = signs
        return sign * inside if isinstance(inner, sympy.Abs) else sympy.Integer(sign)

    told_apart = part.replace(lambda inner: isinstance(inner, Relational), told)
    return told_apart.replace(lambda inner: isinstance(inner, sympy.Abs | sympy.sign), bare)


def _signs(expr: sympy.Expr, where: Sequence[Boolean]) -> set[int]:
    """The signs that the conditions leave to an expression, as they stand."""
    found = {-1, 0, 1}
    for condition in where:
        if isinstance(condition, Relational) and condition.rel_op in _SIGNS and expr != 0:
            ratio = sympy.cancel((condition.lhs - condition.rhs) / expr)
            if ratio.is_Rational and ratio != 0:
                found &= {int(sympy.sign(ratio)) * sign for sign in _SIGNS[condition.rel_op]}
    return found
