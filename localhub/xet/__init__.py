"""The content-addressed store over HTTP that hf_xet uploads to and downloads from."""
