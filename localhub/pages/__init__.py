"""The few pages for people: what there is on this Hub, and what each thing holds."""
