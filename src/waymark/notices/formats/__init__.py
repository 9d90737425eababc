"""What a notice may say."""
