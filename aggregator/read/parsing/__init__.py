"""From a document to entries."""
