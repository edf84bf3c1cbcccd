"""What is reported, by whom and when: pure tables and functions, except `registry.store`."""
