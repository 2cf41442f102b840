"""Exact numbers: the grammar they are written in, the domains they live in, and their digits."""
