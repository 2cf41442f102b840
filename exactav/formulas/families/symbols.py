"""Symbols that several families share."""

import sympy

alpha = sympy.Symbol("alpha")
