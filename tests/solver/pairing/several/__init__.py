"""Tests of solver/pairing/several."""
