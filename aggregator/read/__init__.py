"""From bytes to items: charset, markup, feedparser, dates, links, identity."""
