"""What a form, a file or a request may say: shape at the door. Never a query, never a rule over rows."""
