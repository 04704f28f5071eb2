"""What runs without Scrapy: matching, tone, store, trends, report. Importable from a notebook."""
