-- What was asked to be forgotten, so that no later run brings it back. No names: `digest` is all that is kept of an
-- address, an outlet or a person (analysis.store.tombstones); `words`, of how many words a person's name is.
CREATE TABLE private.tombstones (kind VARCHAR, digest VARCHAR, words INTEGER, why VARCHAR, "at" TIMESTAMPTZ);
