"""How right the rules are: rows that people labelled, decided by the daemon's own code."""
