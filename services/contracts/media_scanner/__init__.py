"""Generated from the protos by protos/generate.py. Do not edit."""
