"""Measures by name, of scikit-learn and of the user."""
