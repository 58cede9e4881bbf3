"""Tests of the pairing of mentors and mentees."""
