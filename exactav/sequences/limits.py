"""How much is followed in this room, and why no more. Seconds are those of one ordinary core."""

MAX_VISITS = 100_000_000  # of cells, all steps together: some 10 seconds
MOST_UNITS = 5  # whose boxes are listed, where cells are too many
MOST_STEPS = 500  # of a sequence: one is followed into the next, and Python's stack is finite
MAX_OVERLAPS = 2_000_000  # of boxes that are intersected: 15 seconds with fractions
PILOT = 50_000  # of these before the rest is estimated: a third of a second
MAX_CLIPPED = 200_000  # boxes below the thresholds, over all ways of feeding: 5 seconds
MAX_CODE = 2**62  # of a sequence in an integer, beyond which codes are numbered anew
FOLLOWED = 3e-7  # seconds of a slow step or firing with integers, for each unit
