"""Networks that repeat a cell: laws of any length from one transfer matrix."""
