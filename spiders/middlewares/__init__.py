"""Guards between the spiders and the web: one file a guard."""
