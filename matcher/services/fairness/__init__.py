"""The fairness report: counted from the stored problem and plan, kept, made again."""
