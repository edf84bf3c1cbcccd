"""Text and numbers as Vietnamese people write them; knows nothing of reporting."""
