"""Effects for the returns: single units, one file each."""
