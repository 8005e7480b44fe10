"""The version of what places stories."""

CLASSIFIER_VERSION = "4"
"""Goes up when the same words and rules may come to another section, or to another trace. It is part of a rule set's
hash, so that stories that an older version placed are placed anew."""
