"""After publication: partings, late joiners, and the smallest change that mends the plan."""
