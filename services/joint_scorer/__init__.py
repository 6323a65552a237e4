"""Judges prompt and picture together."""
