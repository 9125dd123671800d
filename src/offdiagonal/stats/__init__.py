"""Measures with intervals, corrections and calibration: numbers in, numbers out, only numpy needed."""
