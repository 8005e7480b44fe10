"""The mail of an issue: the same edition as the page, for programs that show mail."""
