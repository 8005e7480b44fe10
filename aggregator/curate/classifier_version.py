"""The version of what places stories."""

CLASSIFIER_VERSION = "1"
"""Goes up when the same words and rules may come to another section. It is part of a rule set's
hash, so that stories that an older version placed are placed anew."""
