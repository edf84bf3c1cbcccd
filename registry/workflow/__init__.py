"""Who may do what, and how a submission and a report travel: tables, and the functions that read them."""
