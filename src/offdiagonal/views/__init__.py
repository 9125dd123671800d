"""What to show, as plain data: counts in, numbers with intervals and pictures out."""
