"""Help desks: one file for each, one Protocol, one contract suite (tests/contracts/desk.py)."""
