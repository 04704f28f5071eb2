"""Which pages are the same article, and which articles are the same story."""
