"""How the sums over all sets are done: from a row-scaled system to ring elements, never to probabilities.

``plan`` chooses; ``populations`` counts interchangeable units, ``subsets`` visits every set, ``generations``
follows the avalanche generation by generation.
"""
