"""The stages between an extracted article and the store, as Scrapy item pipelines: one class a file.

The logic of each stage lives in `analysis`; the order and the numbers stand in settings.py.
"""
