"""The published site and the status page over HTTP."""
