"""The clerk's own workbook back, marked or tidied: single parts are edited, all others copied as they are."""
