"""The site: pages, forms, headers, and who may see what."""
