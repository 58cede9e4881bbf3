"""What an organiser of a programme sees and does. Never a name behind a confidential answer."""
