"""What a policy says: hard rules, criteria and their parameters; versions compared."""
