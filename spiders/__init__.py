"""How coverage gets in: discover (`discovery/`), fetch (Scrapy, `middlewares/`), extract (`extraction/`)."""
