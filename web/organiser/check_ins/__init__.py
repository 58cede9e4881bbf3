"""Check-ins as organisers read them."""
