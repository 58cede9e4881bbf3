"""The solver's problem made from a snapshot and a policy, and its plan read back. Knows no page."""
