"""The smallest change of a published plan: what is left to place, circles that shrank, duties left open."""
