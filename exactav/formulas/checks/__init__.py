"""What closed forms rest on: computations that share no code with them."""
