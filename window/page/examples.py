"""What an empty page offers to begin with; none of it needs a token."""

EXAMPLES = (
    {
        "title": "A gallery to walk through",
        "text": "Create a 3D Paris art gallery with arched windows, marble floors, and impressionist paintings.",
        "picture": "gallery.webp",
    },
    {
        "title": "Six monuments in 3D",
        "text": "Make a web gallery of six Paris monuments as 3D models: Eiffel Tower, Louvre, Notre-Dame, "
        "Arc de Triomphe, Sacré-Cœur, Panthéon",
        "picture": "monuments.webp",
    },
    {
        "title": "A melody, and how loud it is",
        "text": "Compose a calm piano melody in D minor, 12 seconds long, and measure its loudness and tempo",
        "picture": "melody.svg",
    },
)
