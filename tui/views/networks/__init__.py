"""The recurrent networks in a file, to choose one of."""
