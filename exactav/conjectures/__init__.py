"""Conjectures about networks: counterexamples searched and shrunk, proofs for few units, and equal laws.

:mod:`.structures` lists the networks over which one can search; each of them is a small function there.
"""
