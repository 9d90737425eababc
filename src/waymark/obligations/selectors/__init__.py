"""What these pages show, narrowed to people who are open to the reader."""
