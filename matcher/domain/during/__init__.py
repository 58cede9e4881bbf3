"""What happens in a published cycle: guide, check-ins, partings, repairs."""
