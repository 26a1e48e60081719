"""Building blocks of signal processing."""
