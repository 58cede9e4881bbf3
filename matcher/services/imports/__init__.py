"""People and earlier pairs from spreadsheets: read, checked, imported, taken back."""
