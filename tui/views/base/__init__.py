"""What all screens share: panels, prompts, counts, footers and lessons."""
