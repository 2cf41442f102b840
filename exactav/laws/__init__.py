"""What is asked of a network: laws of assembly, pattern, size and duration, and the Green matrix."""
