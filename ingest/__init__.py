"""From the bytes a clerk sends to checked figures: guard, peek, read, judge."""
