"""A loopback server with the February 2024 feeds, and a recorded editor's session."""
