"""One blueprint for each thing people come for."""
