"""Searching for proofs: zeros of systems, and branches of them in real k."""
