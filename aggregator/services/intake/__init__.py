"""From a document that came to what the store keeps of it, and what the visit means for the feed."""
