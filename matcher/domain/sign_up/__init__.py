"""What a person is asked and told while signing up, and what all answers come to before matching."""
