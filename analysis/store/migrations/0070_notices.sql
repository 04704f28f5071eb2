-- What was told to whom, so that nothing is told twice. A channel is the name of the variable that holds its address.
CREATE TABLE private.notices (channel VARCHAR, key VARCHAR, occasion VARCHAR, sent_at TIMESTAMPTZ);
