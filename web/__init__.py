"""Flask only: pages, forms, sign-in. Never a rule, never a query of its own."""
