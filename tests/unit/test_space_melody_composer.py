"""The bundled composer: what it writes and how it sounds, without a server."""

import io
import wave

import numpy as np
import pytest

from tests.unit.space_modules import load

composer, performance, theory, instruments = load("melody-composer", "composer", "performance", "theory", "instruments")


def request(**changes: object) -> object:
    asked = {
        "description": "a calm evening",
        "key": "A",
        "scale": "minor",
        "instrument": "guitar",
        "tempo": 120.0,
        "seconds": 6.0,
    }
    return composer.Request(**(asked | {"seed": 0} | changes))


def played(**changes: object) -> np.ndarray:
    return performance.perform(request(**changes))  # type: ignore[no-any-return]


def test_a_piece_lasts_as_long_as_asked_and_never_clips() -> None:
    with wave.open(io.BytesIO(performance.wav(played(seconds=5.5)))) as file:
        assert (file.getframerate(), file.getnchannels()) == (44_100, 2)
        assert file.getnframes() / 44_100 == pytest.approx(5.5, abs=0.1)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 20_000 < np.abs(samples.astype(int)).max() < 32_000


@pytest.mark.parametrize("scale", ["major", "minor", "dorian", "pentatonic", "harmonic minor"])
def test_every_note_belongs_to_the_scale(scale: str) -> None:
    notes = composer.compose(request(scale=scale, key="D", seconds=40.0))
    allowed = {(theory.KEYS.index("D") + step) % 12 for step in theory.full_scale(scale)}
    assert {note.midi % 12 for note in notes if note.voice != "bass"} <= allowed


def test_a_piece_ends_on_its_key_note() -> None:
    notes = composer.compose(request(seconds=20.0))
    last = max((note for note in notes if note.voice == "melody"), key=lambda note: note.start)
    assert theory.KEYS[last.midi % 12] == "A"


def test_the_melody_comes_back_to_its_motif() -> None:
    melody = [n for n in composer.compose(request(seconds=40.0)) if n.voice == "melody"]
    rhythm = [[n.length for n in melody if bar * 4 <= n.start < bar * 4 + 4] for bar in (0, 2)]
    assert rhythm[0] == rhythm[1]


def test_mood_words_change_how_busy_the_music_is() -> None:
    calm, lively = (
        composer.compose(request(description=words, seconds=30.0)) for words in ("calm sleep", "happy dance")
    )
    assert len(lively) > 1.3 * len(calm)


def test_the_same_request_gives_the_same_samples_and_another_seed_does_not() -> None:
    assert np.array_equal(played(seed=4), played(seed=4))
    assert not np.array_equal(played(seed=4), played(seed=5))


@pytest.mark.parametrize("name", ["piano", "strings", "flute", "guitar", "organ"])
def test_an_instrument_plays_the_pitch_it_is_given(name: str) -> None:
    sound = instruments.INSTRUMENTS[name](440.0, 1.0, np.random.default_rng(0))[:44_100]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    near = np.arange(415, 466)
    assert near[spectrum[near].argmax()] == pytest.approx(440, abs=3)
