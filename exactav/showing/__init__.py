"""What is seen: LaTeX, line breaking, pictures."""
