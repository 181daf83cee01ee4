"""The JSON Schemas (draft 2020-12) of what commands print and of what users write."""
