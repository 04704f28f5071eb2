"""How the weights in analysis/tone/weights are made: `make train`. Needs torch; nothing here is used at run time."""
