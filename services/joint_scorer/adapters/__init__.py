"""Where halves wait for each other, behind the PendingHalves port."""
