"""Items and stories made again of the documents that were kept."""
