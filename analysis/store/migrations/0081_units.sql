-- What a backfill has done, so that it can be taken up where it stopped: files of GDELT, WARC files.
CREATE TABLE private.units (unit VARCHAR, kind VARCHAR, state VARCHAR, records INTEGER, "at" TIMESTAMPTZ);
