"""A folder for each screen: its state (a frozen record), its making, its panels (pure drawing), its screen."""
