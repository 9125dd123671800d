"""What is checked of every Evaluation: one question, one module; each a function of plain data."""
