"""Items that are one release: how they meet, what keeps them apart, how they fold."""
