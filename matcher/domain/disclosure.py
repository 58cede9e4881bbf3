"""What may be told of a number of people without telling anybody's: five or more, and five or more others."""

FEWEST = 5


def told(count: int) -> int | None:
    """The number itself, or None for fewer than five."""
    return count if count >= FEWEST else None


def share(part: int, whole: int) -> int | None:
    """Per cent to the nearest 5; None where the part or the rest is fewer than five."""
    if part < FEWEST or whole - part < FEWEST:
        return None
    return (40 * part + whole) // (2 * whole) * 5
