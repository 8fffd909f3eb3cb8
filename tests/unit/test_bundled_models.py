"""The bundled models: what they answer, what they refuse, how they were trained, and whether their cards are right."""

import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image
from safetensors.numpy import load_file, save_file

from localhub.bundled.training import recurrent, shapes
from localhub.bundled.training.__main__ import SCRIPTS, main, script
from localhub.bundled.training.gradient import blame, softmax
from localhub.bundled.training.shape_drawing import LABELS, draw
from localhub.bundled.training.sound_synthesis import play, wave_file
from localhub.bundled.training.trained import MODELS, module_of

WITH_A_CARD = sorted(SCRIPTS.keys() - {"untitled-2"})
WITH_A_MODULE = sorted(path.parent.name for path in MODELS.glob("*/*.py"))
FEW = {
    "apple-harvest": 2000,
    "entity-tagger": 200,
    "review-sentiment": 900,
    "sentence-embedder": 200,
    "shape-classifier": 240,
    "sound-classifier": 80,
    "tale-writer": 10,
    "untitled-2": 1000,
}
"""Cases that a score is taken over where the time is short."""

KEYS = {"accuracy", "f1", "precision", "recall", "r_squared", "mae", "bits_per_character", "accuracy_at_1"}


def card(model: str) -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((MODELS / model / "README.md").read_text("utf-8").split("---\n")[1])
    return facts


def claims(model: str) -> dict[str, float]:
    """The figures of the card, named as `evaluate` names them: first made data, then what people wrote."""
    results = card(model)["model-index"][0]["results"]
    named = zip(("", "written_"), results, strict=False)
    return {prefix + one["type"]: one["value"] for prefix, result in named for one in result["metrics"]}


@cache
def loaded(model: str) -> tuple[ModuleType, Any]:
    """A model's module, and the model."""
    module = module_of(model)
    name = "".join(part.title() for part in model.split("-"))
    return module, getattr(module, name).from_pretrained(MODELS / model)


def sound(label: str, seed: int, folder: Path) -> Path:
    path = folder / f"{label}-{seed}.wav"
    path.write_bytes(wave_file(play(label, np.random.default_rng(seed))))
    return path


@pytest.mark.parametrize("model", WITH_A_CARD)
def test_a_model_does_on_fresh_data_what_its_card_claims(model: str) -> None:
    measured = script(model).evaluate(MODELS / model, seed=424_242, count=FEW[model])
    for name, claimed in claims(model).items():
        assert measured[name] == pytest.approx(claimed, abs=0.04, rel=0.06), name


@pytest.mark.slow
@pytest.mark.parametrize("model", WITH_A_CARD)
def test_the_card_tells_exactly_what_was_measured(model: str) -> None:
    measured = script(model).evaluate(MODELS / model, seed=script(model).HELD_OUT)
    assert {name: measured[name] for name in claims(model)} == pytest.approx(claims(model), abs=6e-5, rel=1e-3)


@pytest.mark.parametrize("model", ["apple-harvest", "review-sentiment", "untitled-2"])
def test_training_again_gives_a_model_that_is_as_good(model: str, tmp_path: Path) -> None:
    assert main([model, "--into", str(tmp_path)]) == 0
    again, shipped = (script(model).evaluate(at / model, seed=5, count=600) for at in (tmp_path, MODELS))
    assert again == pytest.approx(shipped, rel=0.02)
    assert (tmp_path / model / "config.json").read_bytes() == (MODELS / model / "config.json").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("model", sorted(SCRIPTS))
def test_every_model_can_be_trained_again(model: str, tmp_path: Path) -> None:
    assert main([model, "--into", str(tmp_path)]) == 0
    again, shipped = (script(model).evaluate(at / model, seed=5, count=FEW[model]) for at in (tmp_path, MODELS))
    assert again == pytest.approx(shipped, rel=0.05, abs=0.03)
    shapes_of = {name: tensor.shape for name, tensor in load_file(tmp_path / model / "model.safetensors").items()}
    assert shapes_of == {name: tensor.shape for name, tensor in load_file(MODELS / model / "model.safetensors").items()}


def test_a_model_that_does_not_exist_cannot_be_trained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nightingale"])
    assert "there is no model nightingale" in capsys.readouterr().err


@pytest.mark.parametrize("model", WITH_A_CARD)
def test_a_card_tells_licence_task_library_limits_training_and_parameters(model: str) -> None:
    facts, text = card(model), (MODELS / model / "README.md").read_text("utf-8")
    count = sum(tensor.size for tensor in load_file(MODELS / model / "model.safetensors").values())
    assert (facts["license"], facts["library_name"]) == ("apache-2.0", "numpy")
    assert f"{count:,} parameters" in re.sub(r"\s+", " ", text)
    headings = ["How to use", "Intended use and limits", "Training", "Evaluation"]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == headings
    assert {name.removeprefix("written_") for name in claims(model)} <= KEYS


def test_every_task_is_another_one() -> None:
    tasks = [card(model)["pipeline_tag"] for model in WITH_A_CARD]
    assert len(set(tasks)) == len(tasks) == 7


def test_one_card_says_too_little() -> None:
    assert card("untitled-2") == {"license": "apache-2.0"}
    assert not list((MODELS / "untitled-2").glob("*.py"))


def test_the_models_are_small_and_hold_nothing_that_runs_when_it_is_read() -> None:
    files = [path for path in MODELS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in files} == {".md", ".json", ".safetensors", ".gguf", ".py", ".png", ".wav"}
    assert sum(path.stat().st_size for path in files) < 3_000_000


@pytest.mark.parametrize("model", WITH_A_MODULE)
def test_weights_that_do_not_fit_the_config_are_refused(model: str, tmp_path: Path) -> None:
    _, shipped = loaded(model)
    tensors = load_file(MODELS / model / "model.safetensors")
    tensors.pop(sorted(tensors)[0])
    save_file(tensors, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_bytes((MODELS / model / "config.json").read_bytes())
    with pytest.raises(ValueError, match=r"do not fit config\.json"):
        type(shipped).from_pretrained(tmp_path)


def test_different_pictures_have_different_names() -> None:
    _, classify = loaded("shape-classifier")
    random = np.random.default_rng(8)
    names = [classify(draw(label, random).resize((200, 200)))[0]["label"] for label in ("star", "ring", "tree")]
    assert names == ["star", "ring", "tree"]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
def test_a_picture_of_any_mode_is_looked_at(mode: str) -> None:
    _, classify = loaded("shape-classifier")
    picture = Image.new("L", (90, 60), 255)
    picture.paste(0, (28, 12, 64, 48))
    answers = classify(picture.convert(mode), top_k=12)
    assert answers[0]["label"] == "square"
    assert sum(answer["score"] for answer in answers) == pytest.approx(1)


def test_a_picture_too_small_to_show_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="7x7, at least 8x8"):
        loaded("shape-classifier")[1](Image.new("RGB", (7, 7)))


def test_the_examples_of_a_model_are_what_they_are_called() -> None:
    shape, hear = loaded("shape-classifier")[1], loaded("sound-classifier")[1]
    for path in MODELS.glob("*/examples/*.png"):
        assert shape(Image.open(path))[0]["label"] == path.stem
    for path in MODELS.glob("*/examples/*.wav"):
        assert hear(path)[0]["label"] == path.stem


def test_different_sounds_have_different_names(tmp_path: Path) -> None:
    _, classify = loaded("sound-classifier")
    assert [classify(sound(label, 4, tmp_path))[0]["label"] for label in ("drum", "siren")] == ["drum", "siren"]


def test_a_silent_or_very_short_recording_is_refused(tmp_path: Path) -> None:
    _, classify = loaded("sound-classifier")
    silent, short = tmp_path / "silent.wav", tmp_path / "short.wav"
    silent.write_bytes(wave_file(np.zeros(8000, np.float32)))
    short.write_bytes(wave_file(np.ones(100, np.float32)))
    for path, reason in ((silent, "silent"), (short, "too short")):
        with pytest.raises(ValueError, match=reason):
            classify(path)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The breakfast was wonderful, we will come back.", "positive"),
        ("The breakfast was awful, never again.", "negative"),
        ("The bus leaves every thirty minutes.", "neutral"),
        ("The film was not good.", "negative"),
    ],
)
def test_a_review_has_a_mood(text: str, label: str) -> None:
    answers = loaded("review-sentiment")[1](text)
    assert answers[0]["label"] == label
    assert {answer["label"] for answer in answers} == {"positive", "negative", "neutral"}


def test_a_text_without_words_has_no_mood() -> None:
    with pytest.raises(ValueError, match="no English word"):
        loaded("review-sentiment")[1]("42 !?")


def test_entities_are_told_with_their_place_in_the_text() -> None:
    text = "Ingrid Vogel travelled to Lake Uppsala on 3 May 1921."
    found = loaded("entity-tagger")[1](text)
    assert [(one["entity_group"], one["word"]) for one in found] == [
        ("PER", "Ingrid Vogel"),
        ("LOC", "Lake Uppsala"),
        ("DATE", "3 May 1921"),
    ]
    assert all(text[one["start"] : one["end"]] == one["word"] for one in found)


def test_a_sentence_without_entities_has_none_and_an_empty_one_is_refused() -> None:
    _, tag = loaded("entity-tagger")
    assert tag("The soup was ready.") == []
    with pytest.raises(ValueError, match="empty"):
        tag("  ")


def test_no_entity_goes_on_that_has_not_begun() -> None:
    module, _ = loaded("entity-tagger")
    scores = np.log(np.array([[0.1, 0.2, 0.7], [0.1, 0.2, 0.7], [0.8, 0.1, 0.1]]))
    assert module.best_path(scores, ["O", "B-PER", "I-PER"]) == [1, 2, 0]


def test_a_tale_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    _, write = loaded("tale-writer")
    one, same, other = (write("Long ago", max_new_tokens=40, seed=seed) for seed in (1, 1, 2))
    assert one == same != other
    assert one.startswith("Long ago")


def test_the_temperature_decides_how_much_is_left_to_chance() -> None:
    _, write = loaded("tale-writer")
    likeliest = write("Long ago", max_new_tokens=30, temperature=0)
    cold, hot = (
        {write("Long ago", max_new_tokens=30, temperature=temperature, seed=seed) for seed in range(4)}
        for temperature in (0.0002, 1.2)
    )
    assert cold == {likeliest}
    assert len(hot) == 4
    with pytest.raises(ValueError, match="between 0 and 5"):
        write("Long ago", temperature=-1)


def test_a_tale_begun_with_foreign_letters_is_refused_by_the_letter() -> None:
    with pytest.raises(ValueError, match="'ß'"):
        loaded("tale-writer")[1]("Es war ein großer Bär")


def test_a_text_can_be_read_back_from_its_pieces() -> None:
    _, write = loaded("tale-writer")
    text = 'The fox said: "42 geese, please!"\n'
    assert "".join(write.pieces[number] for number in write.encode(text)) == text


def test_like_sentences_lie_closer_together_than_unlike_ones() -> None:
    _, embed = loaded("sentence-embedder")
    boat, ship, soup = "The sailor steers the boat.", "A ship lies in the harbour.", "The chef tastes the soup."
    assert embed.similarity(boat, ship) > 0.5 > embed.similarity(boat, soup)
    assert np.linalg.norm(embed([boat, ship, soup]), axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_words_that_count_for_nothing_are_told() -> None:
    _, embed = loaded("sentence-embedder")
    assert embed.unknown("The zeppelin sails over the harbours") == ["zeppelin", "over"]
    with pytest.raises(ValueError, match="no word of 'zeppelin'"):
        embed(["zeppelin"])
    with pytest.raises(ValueError, match="list of sentences"):
        embed("The boat")


def numerical(loss: Any, tensor: Any, place: tuple[int, ...], step: float = 4e-3) -> float:
    """The slope of a loss at one number of a tensor, by trying."""
    before = tensor[place]
    tensor[place] = before + step
    above = loss()
    tensor[place] = before - step
    below = loss()
    tensor[place] = before
    return float((above - below) / (2 * step))


def test_the_gradients_of_the_recurrent_network_are_its_slopes() -> None:
    random = np.random.default_rng(0)
    parameters: Any = {name: value.astype(np.float64) for name, value in recurrent.fresh(7, 4, 5, random).items()}
    tokens, state = random.integers(0, 7, (3, 6)), np.zeros((3, 5))
    found = recurrent.gradients(parameters, tokens, state)[1]
    for name, gradient in found.items():
        place = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
        tried = numerical(lambda: recurrent.gradients(parameters, tokens, state)[0], parameters[name], place)
        assert gradient[place] == pytest.approx(tried, rel=1e-2), name


def test_the_gradients_of_the_convolutions_are_their_slopes() -> None:
    random = np.random.default_rng(0)
    module = loaded("shape-classifier")[0]
    parameters: Any = {
        name: tensor.astype(np.float64)
        for name, tensor in load_file(MODELS / "shape-classifier" / "model.safetensors").items()
    }
    config = {"tensors": {name: list(tensor.shape) for name, tensor in parameters.items()}, "labels": LABELS}
    values: Any = random.normal(0, 1, (2, 32, 32, 3))
    labels = np.array([3, 8])

    def loss() -> float:
        chances = softmax(module.ShapeClassifier(config, parameters).logits(values))
        return float(-np.log(chances[[0, 1], labels].astype(np.float64)).mean())

    found = shapes.slope(module.neighbourhoods, parameters, values, labels)
    for name, gradient in found.items():
        place = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
        assert gradient[place] == pytest.approx(numerical(loss, parameters[name], place), rel=2e-2), name


def test_the_blame_of_an_answer_is_how_far_it_lies_from_the_truth() -> None:
    logits = np.log(np.array([[0.2, 0.3, 0.5]], np.float32))
    assert blame(logits, np.array([1]))[0] == pytest.approx([0.2, -0.7, 0.5], abs=1e-6)


def test_the_gguf_file_holds_the_same_weights_as_the_model_that_it_was_made_from():
    weights = load_file(MODELS / "tale-writer" / "model.safetensors")
    data = (MODELS / "tale-writer-gguf" / "tale-writer-f16.gguf").read_bytes()
    assert data[:4] == b"GGUF"
    missing = [name for name, tensor in weights.items() if tensor.astype(np.float16).tobytes() not in data]
    assert missing == []
