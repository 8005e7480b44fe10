"""Windows, draft days, selection, and what an edition prints."""
