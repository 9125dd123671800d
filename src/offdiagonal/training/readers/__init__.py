"""Records of trainings that other tools wrote: one module a format, each gives what was logged as plain data."""
