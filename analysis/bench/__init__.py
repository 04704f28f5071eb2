"""`presswatch bench`: a made-up store of any size, and what its questions and a night cost there."""
