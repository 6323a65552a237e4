"""The schema's versions. Run at start, or by `python -m services.enforcement.migrations upgrade`."""
