"""What a packet is, apart from where it is stored: pure functions over kinds, headers and bytes."""
