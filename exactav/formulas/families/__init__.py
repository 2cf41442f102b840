"""Closed forms, family by family."""
