"""One module a partner: its file format."""
