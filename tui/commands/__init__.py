"""The subcommands, a file each: `add` declares one on the parser and says which function runs it."""
