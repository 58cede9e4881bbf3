"""Tests mirror the source tree; browser stories live in journeys."""
