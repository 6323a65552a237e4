"""Tells what an upload declares or carries about its origin: AI-made, AI-edited, no evidence, unknown."""
