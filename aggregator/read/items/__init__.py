"""From an entry to an item: identity, text, belongings, hash."""
