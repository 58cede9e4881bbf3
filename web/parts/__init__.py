"""What several pages show: words, dates, pictures, charts. Pure; never a request or a query."""
