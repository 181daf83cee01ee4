"""Exact series: leading terms found, then lifted and proved."""
