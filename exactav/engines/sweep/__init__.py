"""The sweep over a tree decomposition: its outline, its scheme, its states, and what they are worth."""
