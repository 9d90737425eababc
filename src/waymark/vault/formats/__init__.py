"""File forms of the vault. Standard library only: the launcher reads them before anything is installed."""
