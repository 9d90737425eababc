"""Pure reading: devices, OpenID Connect."""
