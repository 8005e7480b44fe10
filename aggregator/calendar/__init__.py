"""Days and hours on which Korean offices work."""
