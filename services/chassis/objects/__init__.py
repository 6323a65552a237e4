"""Item bytes by their SHA-256: stored once, referred to by events."""
