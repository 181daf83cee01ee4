"""The sections of a derivation report: each turns finished results into Markdown."""
