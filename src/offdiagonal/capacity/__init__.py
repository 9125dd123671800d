"""Bias and variance: what more data, another capacity or another optimiser would change."""
