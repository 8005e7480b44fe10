"""What is measured, as Prometheus reads it."""
