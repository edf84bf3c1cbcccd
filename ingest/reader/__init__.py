"""One reader, one extraction: a workbook's bytes become cells exactly once (FACTS 2)."""
