-- What a run remembers of hosts for the next one: robots.txt (RFC 9309, 2.4), and until when one wants to be left alone.
CREATE TABLE private.robots (origin VARCHAR, body VARCHAR, fetched_at TIMESTAMPTZ);
CREATE TABLE private.rests (host VARCHAR, until TIMESTAMPTZ, reason VARCHAR);
