"""Exact fields: which one holds given expressions, and the normal form of expressions in it.

A *field* is one of SymPy's exact domains: the rationals QQ, an algebraic field QQ<sqrt(2)>, or rational
functions over either. Floats, and SymPy's catch-all EX, have no place here. In normal form, what is equal is
the same: elements are computed, and symbols and roots that cancel leave the field.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import sympy
from sympy import QQ, ZZ
from sympy.polys.polyerrors import BasePolynomialError
from sympy.simplify.sqrtdenest import sqrt_depth

from exactav.errors import InexactError, UndecidedError
from exactav.numbers.enclosures import has_bounds, sign_at
from exactav.numbers.generators import Found, is_root, reducible, replaced, split_root, terms_of
from exactav.numbers.protocols import Domain
from exactav.numbers.sums import multiplied, total
from exactav.numbers.trees import CIRCULAR, FUNCTIONS, inner_first, text_of

_MAX_EXPONENT = 1_000  # of a sum that is multiplied out
_LARGEST_PART = 60  # of a half turn, of which cosines are taken
_DIGITS = 60  # that tell the roots of a polynomial apart


def field_of(expressions: Iterable[sympy.Expr]) -> Domain:
    """An exact field that contains all ``expressions``: that of their symbols and roots.

    Raises:
        InexactError: an expression is not a rational function, over real algebraic numbers, of its symbols.

    >>> x = sympy.Symbol("x")
    >>> field_of([sympy.Rational(1, 2)]), field_of([x / 2]), field_of([sympy.sqrt(2) * x])
    (QQ, ZZ(x), QQ<sqrt(2)>(x))
    """
    found = Found()
    roots: set[sympy.Expr] = set()
    for expr in set(expressions):
        _collect(expr, expr, found, roots)
    from exactav.numbers.towers import number_field

    return _with_symbols(number_field(frozenset(roots)), found.generators())


def into(field: Domain, expr: sympy.Expr, where: str) -> Any:
    """``expr`` as an element of ``field``; division by zero is an error that names ``where``."""
    return _Reader(field).element(expr, lambda: where)


def normal_form(
    expressions: Sequence[sympy.Expr], name: Callable[[int], str] = lambda place: "an expression"
) -> tuple[Domain, list[Any]]:
    """(smallest field, elements of it) of ``expressions``.

    Raises:
        InexactError: as in :func:`field_of`, or an expression divides by zero; ``name`` says which.

    >>> x = sympy.Symbol("x")
    >>> root = sympy.sqrt(2)
    >>> field, elements = normal_form([(x + 1) ** 2 - x**2 - 2 * x, (root + 1) * (root - 1)])
    >>> field, elements == [1, 1]
    (QQ, True)
    """
    if all(expr.is_Rational for expr in expressions):
        found = {expr: QQ(int(expr.p), int(expr.q)) for expr in dict.fromkeys(expressions)}
        return QQ, [found[expr] for expr in expressions]
    field = field_of(expressions)
    reader = _Reader(field)
    elements = [reader.element(expr, partial(name, place)) for place, expr in enumerate(expressions)]
    return shrunk(field, elements)


def equal(a: sympy.Expr, b: sympy.Expr) -> bool:
    """Whether two exact expressions are equal, as numbers or as rational functions of their symbols.

    Raises:
        InexactError: one of them is not exact, or has functions whose equality cannot be decided.

    >>> equal(sympy.sqrt(5 + 2 * sympy.sqrt(6)), sympy.sqrt(2) + sympy.sqrt(3))
    True
    >>> equal(sympy.sqrt(2), sympy.Rational(665857, 470832))
    False
    """
    if a == b or (a.is_Rational and b.is_Rational):
        return bool(a == b)
    return is_zero(a - b)


def is_zero(expr: sympy.Expr) -> bool:
    """Whether an exact expression is zero, as a number or as a rational function.

    >>> is_zero((sympy.sqrt(2) - 1) * (sympy.sqrt(2) + 1) - 1)
    True
    """
    if expr.is_Rational:
        return not expr
    if not expr.free_symbols and has_bounds(expr) and sign_at(expr, 128):
        return False
    return not normal_form([expr])[1][0]


def by_roots(number: sympy.Expr) -> sympy.Expr:
    """A real algebraic number in normal form: written by rational numbers and roots.

    >>> by_roots(sympy.GoldenRatio)
    1/2 + sqrt(5)/2
    """
    field, (element,) = normal_form([number])
    return field.to_sympy(element)


def rational_value(expr: sympy.Expr) -> sympy.Rational | None:
    """The rational number that an algebraic one is, or None.

    >>> rational_value((sympy.sqrt(2) - 1) * (sympy.sqrt(2) + 1) / 4), rational_value(sympy.sqrt(2))
    (1/4, None)
    """
    value = by_roots(expr)
    return value if value.is_Rational else None


class _Reader:
    """Expressions as elements of one field, part by part; each part once."""

    def __init__(self, field: Domain) -> None:
        self.field = field
        self.numbers = field.domain if field.is_FractionField else field
        self.known: dict[sympy.Expr, Any] = {}
        self.generators: dict[sympy.Expr, Any] = {}
        self.replaced: Mapping[sympy.Symbol, Any] = {}
        self.roots: dict[sympy.Expr, sympy.Expr] = {}
        self.exponentials: dict[sympy.Expr, tuple[sympy.Expr, int]] = {}
        if field.is_FractionField:
            self.generators = dict(zip(field.symbols, field.gens, strict=True))
            plain = frozenset(g for g in field.symbols if g.is_Symbol)
            self.replaced = replaced(tuple(field.symbols), plain)
            self.roots = {g.base: g for g in field.symbols if is_root(g)}
            for g in field.symbols:
                if isinstance(g, sympy.exp):
                    coefficient, term = g.exp.as_coeff_Mul()
                    self.exponentials[term] = g, int(coefficient.q)

    def element(self, expr: sympy.Expr, where: Callable[[], str]) -> Any:
        try:
            return self.value(expr)
        except ZeroDivisionError:
            raise InexactError(f"{where()} = {expr} divides by zero: write a finite value") from None

    def value(self, expr: sympy.Expr) -> Any:
        if expr in self.known:
            return self.known[expr]
        if expr.is_Rational:
            found = self.field.convert(QQ(int(expr.p), int(expr.q)), QQ)
        elif expr.is_Add:
            found = total(self.field, map(self.value, expr.args))
        elif expr.is_Mul:
            found = multiplied(self.field, map(self.value, expr.args))
        elif expr.is_Pow and expr.exp.is_Integer:
            base, exponent = self.value(expr.base), int(expr.exp)
            if exponent < 0 and not base:
                raise ZeroDivisionError
            # SymPy leaves signs of denominators as they come where it takes negative powers.
            found = base**exponent if exponent >= 0 else self.field.one / base**-exponent
        elif expr.is_Pow and expr.exp.is_Rational and expr.exp.is_negative:
            found = self.field.one / self.value(1 / expr)
        elif expr in self.generators:
            found = self.generators[expr]
        elif expr in self.replaced:
            root, order, a, b = self.replaced[expr]
            found = (self.generators[root] ** order - self.value(b)) / self.value(a)
        elif isinstance(expr, sympy.exp) and expr.free_symbols:
            found = self.field.one
            for term, coefficient in terms_of(expr):
                generator, order = self.exponentials[term]
                found *= self.generators[generator] ** int(coefficient * order)
        elif expr.is_Pow and expr.free_symbols:
            factor, base, exponent = split_root(expr)
            power = exponent / self.roots[base].exp
            found = self.value(factor) * self.generators[self.roots[base]] ** int(power)
        elif (plain := _plain(expr)) != expr:
            found = self.value(plain)
        else:
            from exactav.numbers.towers import image

            found = image(self.numbers, expr)
            if self.field.is_FractionField:
                found = self.field.convert(found, self.numbers)
        self.known[expr] = found
        return found


def is_algebraic(number: sympy.Expr) -> bool:
    """Whether a number is known to be algebraic; SymPy before 1.14 does not say so of its CRootOf."""
    return isinstance(number, sympy.CRootOf) or (_is_plain_number(number) and bool(number.is_algebraic))


def _is_plain_number(number: sympy.Expr) -> bool:
    """Whether SymPy may be asked about a number: it evaluates what it is asked about, however large."""
    for part, inside in inner_first(number):
        if isinstance(part, CIRCULAR):
            turns = part.args[0] / sympy.pi
            if not (turns.is_Rational and turns.q <= _LARGEST_PART):
                return False
        elif inside and not (part.is_Add or part.is_Mul or part.is_Pow or isinstance(part, FUNCTIONS)):
            return False
    return True


def _collect(part: sympy.Expr, whole: sympy.Expr, found: Found, roots: set[sympy.Expr]) -> None:
    if part.is_Rational:
        return
    if part.is_Symbol:
        if part.is_real is False:
            raise InexactError(f"{text_of(part)} in {text_of(whole)} is not real: use a real symbol")
        found.symbols.add(part)
    elif part.is_Add or part.is_Mul:
        for argument in part.args:
            _collect(argument, whole, found, roots)
    elif part.is_Pow and part.exp.is_Integer:
        if abs(part.exp) > _MAX_EXPONENT and not part.base.is_Symbol:
            raise InexactError(
                f"{text_of(part)} has an exponent beyond {_MAX_EXPONENT}: name the power by a symbol"
            )
        _collect(part.base, whole, found, roots)
    elif part.is_Pow and part.exp.is_Rational and part.exp.is_negative:
        _collect(1 / part, whole, found, roots)
    elif isinstance(part, sympy.exp) and part.free_symbols:
        found.exponential(part)
    elif part.is_Pow and part.exp.is_Rational and part.free_symbols:
        _collect(found.root(part), whole, found, roots)
    elif part.free_symbols:
        raise InexactError(
            f"{text_of(part)} in {text_of(whole)} is not made of symbols by roots, exponentials and the four "
            "operations: name it by a symbol of its own, and put its value in with .at(...)"
        )
    elif not (is_algebraic(part) and part.is_real):
        raise InexactError(
            f"{text_of(part)} in {text_of(whole)} is not a real algebraic number, so equality with it "
            "cannot be decided: name it by a symbol, and put a value in with .at(...)"
        )
    elif (plain := _plain(part)) != part:
        _collect(plain, whole, found, roots)
    else:
        roots.add(part)


@lru_cache(maxsize=1024)
def _plain(number: sympy.Expr) -> sympy.Expr:
    """A real algebraic number that is no sum, product or integer power, by roots as plain as may be."""
    if number.is_Pow and number.exp.is_Rational:
        value = sympy.Pow(number.base, number.exp)  # in case it came unevaluated
        denested = sympy.sqrtdenest(value)
        return denested if sqrt_depth(denested) < sqrt_depth(value) else value
    if isinstance(number, sympy.CRootOf):
        polynomial = number.poly
        return sympy.CRootOf(polynomial, number.index) if polynomial.degree() < 3 else number
    if (done := number.doit()) != number:
        return done
    x = sympy.Dummy("x")
    try:
        polynomial = sympy.Poly(sympy.minimal_polynomial(number, x), x)
    except (BasePolynomialError, NotImplementedError):
        raise InexactError(f"{number} is not written by roots: write it so, or name it by a symbol") from None
    near = sympy.Rational(number.n(_DIGITS))
    distance = sympy.Rational(1, 10 ** (_DIGITS - 10)) * max(1, abs(near))
    found = [
        root for root in polynomial.real_roots() if abs(sympy.Rational(root.n(_DIGITS)) - near) < distance
    ]
    if len(found) != 1:
        raise UndecidedError(
            f"which root of {polynomial.as_expr()} is {number}? write it by roots or as CRootOf"
        )
    return found[0]


def _with_symbols(numbers: Domain, generators: Sequence[sympy.Expr]) -> Domain:
    if not generators:
        return numbers
    return (ZZ if numbers.is_QQ else numbers).frac_field(*generators)


def shrunk(field: Domain, elements: list[Any]) -> tuple[Domain, list[Any]]:
    """The smallest field of ``elements``, and the elements in it."""
    if field.is_QQ:
        return field, elements
    from exactav.numbers.subfields import smallest_field

    if not field.is_FractionField:
        smaller, bring = smallest_field(field, list(dict.fromkeys(elements)))
        return smaller, elements if smaller is field else [bring(element) for element in elements]
    numbers = field.domain
    pairs = [(element.numer, element.denom) for element in elements]
    if numbers.is_Algebraic:
        # SymPy leaves the coefficients of denominators as they come.
        pairs = [(p.quo_ground(q.LC), q.monic()) for p, q in pairs]
        coefficients = dict.fromkeys(chain.from_iterable([*p.coeffs(), *q.coeffs()] for p, q in pairs))
        smaller, bring = smallest_field(numbers, list(coefficients))
    else:
        smaller, bring = QQ, lambda number: QQ(number)
    powers = [set(column) for column in zip(*_monomials(pairs), strict=True)]
    if any(map(reducible, field.symbols, powers)):
        plainer = [field.to_sympy(element) for element in elements]  # in which roots are powers again
        return normal_form(plainer)
    degrees = [
        max(column) for column in zip(*(part.degrees() for pair in pairs for part in pair), strict=True)
    ]
    used = [symbol for symbol, degree in zip(field.symbols, degrees, strict=True) if degree > 0]
    # A power of a root is written by all symbols of its base.
    bases = set().union(*(root.base.free_symbols for root in used if is_root(root)))
    symbols = [symbol for symbol in field.symbols if symbol in used or symbol in bases]
    if len(symbols) == len(field.symbols) and not numbers.is_Algebraic:
        return field, elements
    target = _with_symbols(smaller, symbols)
    return target, [_moved(pair, target, bring, [field.symbols.index(s) for s in symbols]) for pair in pairs]


def _monomials(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[int, ...]]:
    for pair in pairs:
        for part in pair:
            yield from part.monoms()


def _moved(pair: tuple[Any, Any], target: Domain, bring: Callable[[Any], Any], kept: list[int]) -> Any:
    """A quotient of polynomials in the smaller field ``target``: other symbols do not occur in it."""
    if not target.is_FractionField:
        above, below = (target.convert(bring(part.LC) if part else 0) for part in pair)
        return above / below
    ring = target.field.ring
    wide = ring.clone(domain=QQ) if ring.domain.is_ZZ else ring
    above, below = (
        wide.from_dict({tuple(monomial[i] for i in kept): bring(value) for monomial, value in part.terms()})
        for part in pair
    )
    if wide is ring:
        return target.field.raw_new(above, below)
    (left, above), (right, below) = above.clear_denoms(), below.clear_denoms()
    return target.field.new(above.set_ring(ring) * int(right), below.set_ring(ring) * int(left))
