"""How feeds are, told to the operator."""
