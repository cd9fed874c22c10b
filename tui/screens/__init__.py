"""The screens, with their TCSS beside them."""
