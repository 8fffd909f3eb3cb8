"""Planning without a language model for goals about one model or one Space: build one, or test one."""
