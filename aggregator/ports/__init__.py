"""What services need from outside, as small protocols; adapters are chosen in ``bootstrap``."""
