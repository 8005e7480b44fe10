"""The version of the hashes of items."""

HASH_VERSION = "4"
"""Goes up when the hash is made of something else, so that old revisions are told from new ones."""
