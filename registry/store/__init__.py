"""The store: the only room that knows SQL. Two doors, `Store.read()` and `Store.write()`."""
