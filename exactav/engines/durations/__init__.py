"""Engines of durations, of sizes and durations jointly, and the plan that chooses one."""
