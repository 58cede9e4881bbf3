"""The outbox and the lanes that deliver it."""
