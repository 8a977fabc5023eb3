"""Who gets which message on which day, and why not: pure decisions over facts."""
