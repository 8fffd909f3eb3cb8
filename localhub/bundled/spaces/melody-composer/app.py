"""Melody Composer: a short piece of music from a description, written by rules and synthesised."""

import tempfile
from pathlib import Path

import gradio as gr
from composer import Request
from instruments import INSTRUMENTS
from performance import perform, wav
from theory import KEYS, SCALES


def compose_melody(
    description: str,
    key: str = "C",
    scale: str = "major",
    instrument: str = "piano",
    tempo: float = 100,
    seconds: float = 20,
    seed: float = 0,
) -> str:
    """Makes audio (music, WAV, 44.1 kHz stereo) from a text description: a short instrumental piece with melody,
    chords, bass and a final cadence, in the key, scale, tempo and length asked for. Mood words in the description
    (calm, happy, sad, epic, mysterious, romantic, …) change how busy, high and leaping the melody is.

    Args:
        description: What the music should be like, in words.
        key: The key note.
        scale: The scale or mode.
        instrument: Who plays the melody.
        tempo: Beats per minute.
        seconds: Length of the piece in seconds.
        seed: The same description, choices and seed give the same music.
    """
    if not description or not description.strip():
        raise gr.Error("The description is empty: say what the music should be like, for example 'a calm evening'.")
    if key not in KEYS or scale not in SCALES or instrument not in INSTRUMENTS:
        raise gr.Error(
            f"Choose a key of {', '.join(KEYS)}; a scale of {', '.join(SCALES)}; an instrument of "
            f"{', '.join(INSTRUMENTS)}."
        )
    if not (40 <= tempo <= 220 and 3 <= seconds <= 120):
        raise gr.Error("The tempo must lie between 40 and 220 beats per minute, the length between 3 and 120 seconds.")
    samples = perform(Request(description, key, scale, instrument, tempo, seconds, int(seed)))
    path = Path(tempfile.mkdtemp()) / "melody.wav"
    path.write_bytes(wav(samples))
    return str(path)


def page() -> gr.Blocks:
    """The web page and its one endpoint."""
    with gr.Blocks(title="Melody Composer") as blocks:
        gr.Markdown(
            "# Melody Composer\n"
            "Chords, motif, variation, cadence: composed by rules, played by synthesis. No model is involved."
        )
        with gr.Row():
            with gr.Column():
                description = gr.Textbox(label="Description", placeholder="a calm evening by the river")
                key = gr.Dropdown(KEYS, value="C", label="Key")
                scale = gr.Dropdown(list(SCALES), value="major", label="Scale")
                instrument = gr.Dropdown(list(INSTRUMENTS), value="piano", label="Instrument")
                tempo = gr.Number(100, label="Tempo (bpm)", minimum=40, maximum=220)
                seconds = gr.Number(20, label="Duration (seconds)", minimum=3, maximum=120)
                seed = gr.Number(0, label="Seed", minimum=0, maximum=2**31 - 1, precision=0)
                button = gr.Button("Compose", variant="primary")
            music = gr.Audio(label="Music", type="filepath", format="wav")
        button.click(
            compose_melody, [description, key, scale, instrument, tempo, seconds, seed], music, api_name="compose"
        )
    return blocks


if __name__ == "__main__":
    page().queue(default_concurrency_limit=2).launch(show_error=True)
