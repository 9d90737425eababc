"""Reads for reports and exchange. What lies sealed is opened here, in the memory of one request."""
