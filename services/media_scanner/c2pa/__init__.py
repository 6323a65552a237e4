"""What Content Credentials say, read from the SDK's report."""
