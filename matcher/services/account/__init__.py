"""People as accounts: found by their address, signed in by mail."""
