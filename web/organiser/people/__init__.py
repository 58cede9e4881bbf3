"""The people of a cycle: listed, and brought in from spreadsheets."""
