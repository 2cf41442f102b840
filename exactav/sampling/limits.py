"""How much is drawn and walked in this room, what that takes, and why no more.

Seconds are those of one ordinary core.
"""

# What one step of a walk takes.
STEP = 3e-6
COMPILED_STEP = 4e-8
LONG_STEP = 1.2e-5  # a choice by a random integer of more than 63 bits
STATE = 1.5e-5  # a unit of a state, beside the walks: its place, and exact arithmetic on it
FIRING = 2e-4  # of a unit with irrational numbers, for each unit that may be at threshold after it

LONGEST = 2**63 - 1  # sums of weights beyond it are drawn as long integers
LOADING = 1.0  # seconds of plain walks from which on compiled code is worth loading
LOOK = (
    0.25  # seconds between two looks at what has been drawn: Ctrl-C is answered, and the cost is known better
)
FIRST_LOOK = 0.02  # and before the first, which decides whether compiled code is loaded
MOST_SOLVED = 400  # units whose expected walks are solved for before anything is drawn: a tenth of a second
ROOM = 1 << 20  # units of assemblies drawn between two looks: 8 MB
MOST_DRAWN = 10**12  # of one sample: no memory holds more
BITS = 53  # of the place within a cell, in each coordinate
FEWEST_AVERAGED = 30  # avalanches of one duration or size for an interval of their mean, as is usual

# Of the simulator.
FEWEST_EXPECTED = 5  # outcomes expected less often are pooled in the chi-square test, as is usual
MAX_GENERATIONS = 1_000_000  # of one avalanche: some seconds
