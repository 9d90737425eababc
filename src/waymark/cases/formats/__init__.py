"""What is kept in a case as it is read and written: files that people hand in, sealed legal relief."""
