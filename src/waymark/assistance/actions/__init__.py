"""Writing about money and housing."""
