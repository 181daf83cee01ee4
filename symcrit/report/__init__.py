"""Finished results on paper: derivation reports, tables, plots; nothing is computed."""
