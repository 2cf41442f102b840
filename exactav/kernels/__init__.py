"""How one determinant, or one batch of them, is computed. Kernels know matrices and rings, no networks, and check nothing."""
