"""What is wrong with a Space before it is uploaded: the rules, the requirements, and one import of the app."""
