"""How long computations run: tasks, checkpoints, workers, files that are written in one step."""
