"""Other rules tried on stored months, and what editors' decisions say of the rules."""
