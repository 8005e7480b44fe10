"""What one visit asks, and how: addresses, keys, interfaces, further pages."""
