"""Processes below the Hub: started, heard and ended wholly by a keeper process, for Jobs and for Spaces.

`connection`, `keeper` and `usage` belong to the Hub; the rest runs in the keeper and needs the standard library only.
"""
