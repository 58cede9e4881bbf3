"""A programme as it is set up: form, sessions, people in charge, mail texts."""
