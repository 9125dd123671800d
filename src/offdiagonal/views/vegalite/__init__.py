"""Each view once more as a Vega-Lite spec over aggregated, inline data: for pictures and for Altair."""
