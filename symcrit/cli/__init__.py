"""The command line: parse, call, print or write; heavy imports inside the commands."""
