"""How much is counted, listed or tried in this room, and why no more.

Cells and boxes cost some microseconds each; what is listed for a reader may take longer than what a decision
tries on its way to another.
"""

MAX_CELLS = 1_000_000  # of a chain: some 10 seconds and 300 MB with a few driven units
MAX_DECIDING_CELLS = 200_000  # of a chain that only decides a verdict, which boxes may do as well: 2 seconds
MAX_GRID = 200_000  # cells of the grid that boxes are made of, each with a burning test: 5 seconds
MAX_ORBIT = 200_000  # states of an orbit, each with a slow step of every driven unit: 2 seconds a unit
MAX_STATES = 2_000_000  # below threshold, of which the recurrent ones are listed: 10 seconds
MAX_FIRINGS = 10_000_000  # of one relaxation: 10 seconds with integers
MOST_UNITS_INCLUDED = 4  # 5 units have 2^31 families of forbidden sets
MOST_UNITS_BOXED = {True: 5, False: 3}  # whose Fourier coefficients are summed, of rational networks or not
MOST_UNITS_DECIDED = 16  # whose characters take a tenth of a second, before a trajectory
BITS = 100  # of the intervals that compare two numbers; what they leave open takes algebra
FOURIER_DIGITS = 50  # of a coefficient that is not 0; below 10^-30 another character is tried
