"""Pages that list releases, read by CSS selectors: boards of offices that have no feed."""
