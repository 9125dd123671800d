"""Small experiments with a verdict: one batch, a range of learning rates, one switch at a time, two traces."""
