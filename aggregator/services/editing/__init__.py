"""What editors do: the draft, picks, rulings on stories, translations."""
