"""Real servers for tests: one a file, each started on free ports and surely stopped."""
