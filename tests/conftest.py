"""For all tests: no example of hypothesis fails for the time that it takes; machines differ, and are busy."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
