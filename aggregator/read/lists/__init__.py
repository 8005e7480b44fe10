"""Lists of subscriptions as other programs keep them, read into plain records."""
