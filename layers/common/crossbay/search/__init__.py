"""Search without its storage: what the index holds, what a text asks of it, how hits are ranked. Pure."""
