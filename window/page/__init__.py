"""The chat page: a reading of the journals of one's runs, and the buttons that begin, answer and stop them.

The page itself is plain HTML, CSS and JavaScript in `static/`; Gradio's server carries it.
"""
