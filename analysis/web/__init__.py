"""`presswatch serve`: the same questions as the commands', on pages for a PR team. Nothing here writes but corrections.

`guard` lets in who may come, `asked` reads filters from the address, `answers` asks the store, `views` draws; templates
need no script.
"""
