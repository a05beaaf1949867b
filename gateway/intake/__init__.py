"""From the border to a decision: store once, decide at least once, apply exactly once."""
