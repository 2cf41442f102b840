"""Symbols that several families share: one symbol for one meaning."""

import sympy

alpha = sympy.Symbol("alpha")
N, L = sympy.symbols("N L", integer=True)  # not positive: conditions would lose N >= 1
