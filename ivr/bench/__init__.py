"""Bench: what the service costs, as ratios within one run. `ivr bench` prints the reports."""
