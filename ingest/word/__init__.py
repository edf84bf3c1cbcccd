"""Documents of Word: their text read and written where fonts decide what it says."""
