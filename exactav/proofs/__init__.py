"""Checks that can fail, derivations made of them, and the listings that they compare with."""
