"""People: who may come in, and what lets them."""
