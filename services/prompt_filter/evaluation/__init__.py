"""Measures the prompt filter on sets made of what may be used, slice by slice."""
