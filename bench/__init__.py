"""How long our work takes beside yardsticks measured in the same run: ``python -m bench.NAME [--quick] [--json]``."""
