"""Training by torch: the loop over epochs, networks that read words, forecasters, and the checkpoints they leave."""
