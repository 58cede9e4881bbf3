"""What a run may know, what its result means, and the changes made by hand before it."""
