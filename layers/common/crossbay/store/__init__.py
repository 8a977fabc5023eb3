"""The table: keys, reads, writes, and one module per entity."""
