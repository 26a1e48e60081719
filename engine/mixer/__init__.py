"""The signal flow, from the sources through strips and sums to the master."""
