"""The doors of the desk: who comes in by HTTP, and to which page."""
