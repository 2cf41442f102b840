"""Small avalanches in large networks: the weights of all sets of up to so many units, and what all sets weigh.

A set that a start recruits from within needs the entries of the Green matrix between its units and those that
receive from them, and nothing else of the network (:mod:`exactav.kernels.small_weights`). The Green matrix is
inverted once: modulo each of many primes, or in floating point with a proven bound. Its diagonal gives what
all sets weigh, large ones, too: sum_k q_k det(M without k) = det M sum_k q_k G_kk.
"""

from exactav.engines import small_exact
from exactav.engines.bid import Arithmetic, Bid
from exactav.engines.small_exact import Weights
from exactav.engines.small_floats import Probabilities, probabilities
from exactav.engines.small_question import SmallQuestion
from exactav.engines.subsets import RING_STEP, terms_of
from exactav.kernels import small_sets
from exactav.kernels.choices import expands_minors
from exactav.kernels.loading import is_loaded
from exactav.kernels.machine import Machine
from exactav.kernels.small_sets import COMPILED_LISTS
from exactav.running.amounts import count_text
from exactav.running.tasks import Running

# Seconds per counted operation, measured.
_LISTED = {True: 5e-7, False: 3e-5}  # a set, compiled and not
_FLOAT_STEP = {True: 1.2e-9, False: 1e-8}  # a third of (units and receivers)^3 of a set
_MODULAR_STEP = {True: 2e-9, False: 1e-8}
_INVERSE_STEP = 8e-9  # an entry updated modulo a prime
_FLOAT_INVERSE_STEP = 1e-10
_MEGABYTE = 1e6


def bid(question: SmallQuestion, arithmetic: Arithmetic, machine: Machine, max_cost: float) -> Bid:
    """What the question would take; sets are counted as long as they take less than ``max_cost`` seconds."""
    name, n = "small sets", question.system.n_units
    links, starts = question.links, list(question.roots)
    listing = question.listing(starts, 0, len(starts))
    return Bid(name, "", 0, 0)
