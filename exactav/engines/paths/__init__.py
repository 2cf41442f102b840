"""Mean generations: sums over the paths by which units are recruited, and the plan that chooses how."""
