"""Pure decisions about feeds that are visited again and again: when, where, and how they are."""
