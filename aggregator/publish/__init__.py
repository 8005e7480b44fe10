"""Pages and feeds from stored records, and the files they go to."""
