"""What the service says in other languages."""
