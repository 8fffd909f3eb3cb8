"""The bundled meter: what it measures of sounds made here, without a server."""

import math
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.unit.space_modules import load

loudness, measurement, music, reading = load("sound-meter", "loudness", "measurement", "music", "reading")
RATE = 44_100


def tone(hertz: float, seconds: float, level: float = 1.0) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def test_the_reference_tone_of_bs1770_measures_minus_three_lufs() -> None:
    assert loudness.integrated(tone(997, 3)[:, None], RATE) == pytest.approx(-3.01, abs=0.05)


def test_both_channels_count() -> None:
    both = np.stack([tone(997, 3, 0.1)] * 2, axis=1)
    assert loudness.integrated(both, RATE) == pytest.approx(-20.0, abs=0.05)


def test_levels_of_a_sine_are_those_of_the_formula() -> None:
    figures = measurement.measured(tone(440, 2, 0.5)[:, None], RATE)
    assert figures["peak_dbfs"] == pytest.approx(20 * math.log10(0.5), abs=0.02)
    assert figures["rms_dbfs"] == pytest.approx(20 * math.log10(0.5 / math.sqrt(2)), abs=0.02)
    assert figures["spectral_centroid_hz"] == pytest.approx(440, abs=3)
    assert (figures["duration_seconds"], figures["channels"]) == (2.0, 1)


@pytest.mark.parametrize("bpm", [72, 100, 132])
def test_a_click_track_has_its_tempo(bpm: int) -> None:
    sound = np.zeros(12 * RATE)
    click = tone(900, 0.05) * np.exp(-np.arange(int(0.05 * RATE)) / 300)
    for start in np.arange(0, sound.size - click.size, RATE * 60 / bpm):
        sound[int(start) : int(start) + click.size] += click
    assert music.tempo(music.spectrogram(sound), RATE) == pytest.approx(bpm, rel=0.02)


@pytest.mark.parametrize(("root", "third", "name"), [(0, 4, "C major"), (9, 3, "A minor"), (6, 4, "F# major")])
def test_a_cadence_has_its_key(root: int, third: int, name: str) -> None:
    chords = [(0, third, 7), (5, 5 + third, 12), (7, 11, 14), (0, third, 7)]
    notes = [sum(tone(261.63 * 2 ** ((root + step) / 12), 1.0, 0.2) for step in chord) for chord in chords]
    assert music.key(np.concatenate(notes), RATE)[0] == name


def test_silence_is_called_silence() -> None:
    figures = measurement.measured(np.zeros((RATE, 2)), RATE)
    assert (figures["silence_share"], figures["tempo_bpm"], figures["key"]) == (1.0, None, None)
    assert measurement.summary(figures).endswith("is silent.")


def test_half_a_second_of_silence_in_two_is_a_quarter() -> None:
    sound = np.concatenate([tone(300, 1.5, 0.3), np.zeros(RATE // 2)])
    assert measurement.measured(sound[:, None], RATE)["silence_share"] == pytest.approx(0.25, abs=0.01)


def test_loudness_is_listed_for_each_second() -> None:
    sound = np.concatenate([tone(500, 1.0, 0.5), tone(500, 1.0, 0.05)])
    first, second = loudness.each_second(sound[:, None], RATE)
    assert first - second == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_a_wav_of_any_width_reads_the_same(tmp_path: Path, width: int) -> None:
    values = np.round(tone(100, 0.1, 0.5) * (2 ** (8 * width - 1) - 1)).astype(np.int64)
    raw = (
        (values + 128).astype(np.uint8).tobytes()
        if width == 1
        else b"".join(int(value).to_bytes(width, "little", signed=True) for value in values)
    )
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(RATE)
        file.writeframes(raw)
    rate, samples = reading.read_wav(path)
    assert rate == RATE
    assert np.abs(samples[:, 0] - tone(100, 0.1, 0.5)).max() < 0.02


def test_a_file_that_is_no_wav_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3 not a wave")
    with pytest.raises(reading.NotAWave, match="not a WAV"):
        reading.read_wav(path)
