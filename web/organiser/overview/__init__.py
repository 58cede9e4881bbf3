"""The organiser's cycles, and one cycle with its next steps."""
