"""What a person in a cycle sees and does. Never anybody else's answers."""
