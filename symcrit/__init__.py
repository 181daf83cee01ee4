"""Symmetric critical points of student-teacher losses, exactly and with proof."""

__version__ = "0.1.0"
