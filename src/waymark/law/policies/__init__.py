"""What the dated rules say: pure functions of a question and a day. They read no clock and know no person."""
