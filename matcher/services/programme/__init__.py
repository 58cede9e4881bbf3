"""The standing scheme: policy versions, roles, mail texts, topics, templates."""
