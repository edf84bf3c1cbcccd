"""One module per thing a person does; pages, commands and jobs call these and nothing else changes anything."""
