"""Recognises the tool that made a picture by the metadata it leaves."""
