"""What is asked of a network: immutable laws of assembly, pattern, size and duration, and what the Green matrix gives."""
