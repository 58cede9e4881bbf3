"""The invented organisation is believable and repeats exactly."""
