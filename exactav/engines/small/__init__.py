"""Sums over sets of few units in large networks."""
