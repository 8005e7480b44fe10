"""One HTTP exchange, guarded and bounded."""
