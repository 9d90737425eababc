"""The Human Services Data API of the directory: HSDS 3.1 objects, the 3.2 root, from one table of paths."""
