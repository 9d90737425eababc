"""Pure forms of what the finder shows: hours, addresses of taps, the signed copy for the phone."""
