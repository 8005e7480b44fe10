"""What a page says of itself: its headline, day, issuer and picture, for links to it."""
