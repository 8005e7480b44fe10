"""What of a desk and its machine is not as it should be; looked at without changing anything."""
