"""Sound Meter: levels, loudness, tempo, key and brightness of a sound, by signal processing."""

from pathlib import Path
from typing import Any

import gradio as gr
from measurement import measured, summary
from reading import NotAWave, read_wav

LONGEST = 600
"""Seconds."""


def measure(audio: str) -> tuple[dict[str, Any], str]:
    """Makes a JSON report and a text summary from audio: duration, sample rate, channels, peak and RMS level,
    loudness (LUFS), estimated tempo, estimated musical key, spectral centroid, share of silence, loudness of each
    second.

    Args:
        audio: The sound to measure (WAV).
    """
    if audio is None:
        raise gr.Error("There is no audio: give a sound file.")
    try:
        rate, samples = read_wav(Path(audio))
    except NotAWave as problem:
        raise gr.Error(f"{problem} Give a WAV file.") from problem
    if not 0.05 <= len(samples) / rate <= LONGEST:
        raise gr.Error(f"The audio must last between 0.05 and {LONGEST} seconds.")
    figures = measured(samples, rate)
    return figures, summary(figures)


def page() -> gr.Blocks:
    """The web page and its one endpoint."""
    with gr.Blocks(title="Sound Meter") as blocks:
        gr.Markdown(
            "# Sound Meter\n"
            "Loudness after ITU-R BS.1770, tempo, key, brightness: computed with numpy. No model is involved."
        )
        with gr.Row():
            with gr.Column():
                audio = gr.Audio(label="Audio", type="filepath")
                button = gr.Button("Measure", variant="primary")
            with gr.Column():
                report = gr.JSON(label="Report")
                text = gr.Textbox(label="Summary", lines=4)
        button.click(measure, audio, [report, text], api_name="measure")
    return blocks


if __name__ == "__main__":
    page().queue(default_concurrency_limit=2).launch(show_error=True)
