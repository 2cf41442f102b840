"""What numba compiles (the extra ``fast``); only imported where numba is there and there is much to do."""
