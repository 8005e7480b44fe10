"""A newsletter desk for public press feeds: fetch, read, curate, issue, publish."""

__version__ = "0.1.0"
