"""The published site, the status pages and the desk over HTTP."""
