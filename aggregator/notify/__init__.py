"""The operator is told: mail over SMTP, and webhooks."""
