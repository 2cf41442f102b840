"""The phase space: the inhabited region, the torus that it tiles, and what becomes of states there."""
