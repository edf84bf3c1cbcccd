"""Instruments of the tests: databases and office programs."""
