"""Units, measures, indicators, forms, outlines, regimes, plans: frozen tables and what follows from them."""
