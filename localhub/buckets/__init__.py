"""Storage Buckets: plain folders that the Xet protocol reads and writes."""
