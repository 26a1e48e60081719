"""What can be done to the console: inserts, sends and routes, listening and monitors, groups of strips."""
