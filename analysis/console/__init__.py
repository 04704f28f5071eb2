"""The commands of `presswatch` that need no crawler, and what all commands share."""
