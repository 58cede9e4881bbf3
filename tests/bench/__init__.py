"""The benches on small cases: their figures, not their speed."""
