"""Measures of a model: by name, of scikit-learn, or of the user, for any set of rows."""
