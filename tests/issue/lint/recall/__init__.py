"""How much of what damages translations the lint finds."""
