"""The whole system on one machine, and a tour through it."""
