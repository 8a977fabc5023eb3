"""Who gets which message on which day, and why not: pure decisions over facts (C3 to C5, C12, C13, C17, C18)."""
