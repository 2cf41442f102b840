"""Trees of SymPy expressions: bounded before anything walks down them, texts of them, values put in.

SymPy and what is built on it walk down expressions by recursion, and visit a part as often as it occurs. So
what comes in is looked at first without recursion, each part once.
"""

from collections.abc import Iterator, Mapping

import sympy
from sympy.calculus.accumulationbounds import AccumulationBounds
from sympy.printing.str import StrPrinter

from exactav.numbers.whole import rational_text

MOST_PARTS, DEEPEST = 100_000, 100
"""Parts of an expression, each as often as it occurs, and how deeply they may be nested."""

CIRCULAR = (sympy.sin, sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc)
FUNCTIONS = (sympy.exp, sympy.log, sympy.Abs, sympy.Max, sympy.Min, sympy.sign, *CIRCULAR)
"""Functions that SymPy may be asked about: of others it computes values, however large, as of factorials."""

_ENDLESS = (sympy.nan, sympy.oo, -sympy.oo, sympy.zoo)


class Printer(StrPrinter):  # type: ignore[misc]  # SymPy is not typed
    """SymPy's texts, of integers of any length."""

    def _print_Integer(self, expr: sympy.Integer) -> str:  # noqa: N802 (SymPy's name)
        return rational_text(int(expr.p), 1)

    def _print_Rational(self, expr: sympy.Rational) -> str:  # noqa: N802
        return rational_text(int(expr.p), int(expr.q))

    def _as_ordered_terms(self, expr: sympy.Expr, order: str | None = None) -> list[sympy.Expr]:
        """As SymPy has them, which computes the numbers in them: a tower of powers would have no end."""
        if any(map(_is_tower, sympy.preorder_traversal(expr))):
            return sorted(expr.args, key=sympy.default_sort_key)
        found: list[sympy.Expr] = super()._as_ordered_terms(expr, order)
        return found


def _is_tower(part: sympy.Basic) -> bool:
    """Whether it is a function of a number that has an exponential in it."""
    is_function = isinstance(part, sympy.Function) or (part.is_Pow and not part.exp.is_Rational)
    return bool(is_function and part.is_number and any(x.has(sympy.exp, sympy.Pow) for x in part.args))


def text_of(expr: sympy.Basic) -> str:
    """``str(expr)``, with integers of any length.

    >>> text_of(sympy.Symbol("a") / 3), len(text_of(sympy.Integer(10) ** 5000))
    ('a/3', 5001)
    """
    return str(Printer().doprint(expr))


def size_of(expr: sympy.Basic) -> tuple[int, int]:
    """(number of parts, depth) of an expression; each part counts as often as it occurs.

    >>> size_of(1 + 2 * sympy.Symbol("a"))
    (5, 3)
    """
    found: dict[int, tuple[int, int]] = {}
    for part, inside in inner_first(expr):
        sizes = [found[id(argument)] for argument in inside]
        found[id(part)] = (
            1 + sum(number for number, _ in sizes),
            1 + max((depth for _, depth in sizes), default=0),
        )
    return found[id(expr)]


def inner_first(expr: sympy.Basic) -> Iterator[tuple[sympy.Basic, tuple[sympy.Basic, ...]]]:
    """(part, what is within it) for each part of an expression once, inner ones first.

    A root of a polynomial is a number, and its polynomial no part of it.
    """
    inside: dict[int, tuple[sympy.Basic, ...]] = {}  # which keeps them, and so what id() says of them
    stack = [(expr, False)]
    while stack:
        part, is_ready = stack.pop()
        if is_ready:
            yield part, inside[id(part)]
        elif id(part) not in inside:
            inside[id(part)] = _arguments(part)
            stack += [(part, True), *((argument, False) for argument in reversed(inside[id(part)]))]


def _arguments(part: sympy.Basic) -> tuple[sympy.Basic, ...]:
    if part.is_Atom or isinstance(part, sympy.CRootOf):
        return ()
    return tuple(argument for argument in part.args if isinstance(argument, sympy.Basic))


def fault(expr: sympy.Expr) -> str:
    """Why an expression is no exact number and no expression that is taken; empty for one that is.

    >>> fault(sympy.Symbol("a") + sympy.oo)
    'is not a finite number: write a finite value'
    """
    for part, inside in inner_first(expr):
        if part in _ENDLESS or isinstance(part, AccumulationBounds):
            return "is not a finite number: write a finite value"
        if isinstance(part, sympy.Float):
            return "contains a float: write its numbers as Rational"
        if getattr(part, "is_Matrix", False):
            return "is made of matrices: write the entries one by one"
        if isinstance(part, sympy.Expr) and part.is_commutative is False:
            return f"has {part}, which does not commute: use plain symbols"
        if inside and not (part.is_Add or part.is_Mul or part.is_Pow or isinstance(part, FUNCTIONS)):
            return (
                f"has a part of type {type(part).__name__}, so is not made of symbols by roots, exponentials "
                "and the four operations: name it by a symbol of its own, and put its value in with .at(...)"
            )
    return ""


def evaluated(expr: sympy.Expr) -> sympy.Expr:
    """The same expression with sums, products and powers taken at their values, whoever left them open.

    Call it for what is known to be small only: powers of numbers are computed.

    >>> evaluated(sympy.Mul(2, sympy.Rational(1, 4), evaluate=False))
    1/2
    """
    return replaced_in(expr, {})


def replaced_in(expr: sympy.Expr, values: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """``expr`` with values for some of its symbols, all at once.

    >>> a, b = sympy.symbols("a b")
    >>> replaced_in(a / b, {a: b, b: a})
    b/a
    """
    found: dict[int, sympy.Expr] = {}
    for part, inside in inner_first(expr):
        if part.is_Symbol:
            found[id(part)] = values.get(part, part)
        elif not inside:
            found[id(part)] = part
        else:
            new = [found[id(argument)] for argument in inside]
            is_open = part.is_Add or part.is_Mul or part.is_Pow or isinstance(part, sympy.exp)
            if is_open or any(a is not b for a, b in zip(inside, new, strict=True)):
                made = part.func(*new)
                found[id(part)] = part if made == part else made
            else:
                found[id(part)] = part
    return found[id(expr)]
