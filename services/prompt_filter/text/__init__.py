"""From what was written to what is matched: canonical text, tokens and prompt syntax."""
