"""How the sums over all sets are done. Engines take a row-scaled system and return ring elements, never probabilities.

``plan`` chooses; ``populations`` counts interchangeable units, ``subsets`` visits every set, ``generations`` follows
the avalanche generation by generation.
"""
