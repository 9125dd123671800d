"""A training run: what is logged of it, kept, read and diagnosed."""
