"""What is given: trained weights and their provenance (README.md). This file only makes the folder importable."""
