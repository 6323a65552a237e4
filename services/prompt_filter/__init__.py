"""Tells prompts that seek harm, before anything is generated."""
