-- What a page that a run for other topics set aside is about, so that a run for one of those takes it up; NULL: unknown.
ALTER TABLE private.urls ADD COLUMN topics VARCHAR[];
