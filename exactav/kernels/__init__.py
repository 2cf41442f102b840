"""How determinants are computed. Kernels know matrices and rings but no networks, and check nothing."""
