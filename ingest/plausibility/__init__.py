"""Plausibility without rules: figures that can hardly be meant, by a unit's own past and by units alike (PRACTICE F29).

Every check is a code of its own in the catalogue of findings, hits a cell at most once with the others, and is silent
while ``Experience.off`` names it.
"""
