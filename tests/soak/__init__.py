"""Random networks through everything that can be asked of them, for hours."""
