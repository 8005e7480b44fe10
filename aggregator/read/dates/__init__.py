"""When: dates, embargoes and days of events out of raw strings."""
