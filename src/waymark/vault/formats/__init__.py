"""File forms of the vault. `key_backups` is standard library only: the launcher reads it before all is installed."""
