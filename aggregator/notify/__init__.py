"""Others are told: operator and lists by mail over SMTP, webhooks, and the WebSub hub."""
