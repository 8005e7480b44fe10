"""New items folded into stories, stories placed, silent edits noticed."""
