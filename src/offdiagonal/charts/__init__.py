"""A user's own Vega-Lite chart as one more linked view: what it draws, and what its parameters select by."""
