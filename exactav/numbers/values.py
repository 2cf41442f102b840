"""Values for symbols: one policy for networks, laws and formulas."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import sympy

from exactav.errors import ArgumentError, TooCostlyError, UnknownSymbolError
from exactav.numbers.expressions import described, exact
from exactav.numbers.extent import TooLargeError, check_size, extent
from exactav.numbers.trees import replaced_in
from exactav.texts import quoted

Values: TypeAlias = Mapping[sympy.Symbol | str, Any] | None


def bindings(
    symbols: Iterable[sympy.Symbol], values: Values, named: Mapping[str, Any], whose: str
) -> dict[sympy.Symbol, sympy.Expr]:
    """Exact values or expressions for some of ``symbols``.

    Symbols are told by their names, whatever is assumed of them; so are the symbols in values, which become
    those of ``symbols`` where they have their names.

    Args:
        values: keyed by symbols or names; None for none.
        named: the same from keywords.
        whose: whom the symbols belong to, for messages.

    Raises:
        UnknownSymbolError: a key is no such symbol, or a symbol has two values.
        ArgumentError: ``values`` is no mapping, or a key is neither symbol nor text.
        InexactError: a value is a float.

    >>> a, b = sympy.symbols("a b", positive=True)
    >>> bindings([a, b], {sympy.Symbol("a"): "1 - b"}, {"b": "1/3"}, "this network")
    {a: 1 - b, b: 1/3}
    """
    if values is not None and not isinstance(values, Mapping):
        raise ArgumentError(
            f"values = {described(values)}: give a mapping from symbols or names to values, such as "
            "{'alpha': '1/2'}, or keywords, alpha='1/2'"
        )
    by_name = {symbol.name: symbol for symbol in symbols}
    found: dict[sympy.Symbol, sympy.Expr] = {}
    for key, value in [*(values or {}).items(), *named.items()]:
        if not isinstance(key, str | sympy.Symbol):
            raise ArgumentError(f"{described(key)} names no symbol: write its name, as in {{'alpha': '1/2'}}")
        name = key if isinstance(key, str) else key.name
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=1)
            hint = f" (did you mean {quoted(near[0])}?)" if near else ""
            known = ", ".join(by_name) or "none"
            raise UnknownSymbolError(
                f"{described(name)[1:-1]} is not a symbol of {whose}{hint}; its symbols: {known}"
            )
        symbol = by_name[name]
        if symbol in found:
            raise UnknownSymbolError(f"{symbol} is given two values: keep one")
        expr = exact(value, f"the value of {symbol}")
        same = {other: by_name[other.name] for other in expr.free_symbols if other.name in by_name}
        found[symbol] = replaced_in(expr, same)
    return found


def put_in(expr: sympy.Expr, values: Mapping[sympy.Symbol, sympy.Expr], what: str) -> sympy.Expr:
    """``expr`` with values for its symbols, all at once; ``what`` names it in messages.

    Raises:
        TooCostlyError: it may grow too large when multiplied out.

    >>> a, b = sympy.symbols("a b")
    >>> put_in(a / b, {a: b, b: sympy.Integer(2)}, "the quotient")
    b/2
    """
    if expr.is_Rational or not values:
        return expr
    try:
        check_size(expr, {symbol: extent(value) for symbol, value in values.items()})
    except TooLargeError as error:
        raise TooCostlyError(f"with these values {what} {error}") from None
    return replaced_in(expr, values)
