"""What a Gradio app says of itself, read into endpoints."""

from typing import Any

import pytest

from core.nouns import Endpoint, Output, Parameter
from tools.space_schema import Api, describe_change, is_file_default, read_api, schema_hash

FILE = {"path": "/files/example.png", "meta": {"_type": "gradio.FileData"}}


class App:
    """Builds the two descriptions that Gradio gives of one app."""

    def __init__(self, **config: Any) -> None:
        self.config: dict[str, Any] = {"protocol": "sse_v3", "api_prefix": "/gradio_api"} | config
        self.config |= {"components": [], "dependencies": []}
        self.named: dict[str, Any] = {}

    def component(self, type: str, **props: Any) -> int:
        number = len(self.config["components"]) + 1
        hidden = {"skip_api": True} if type == "state" else {}
        self.config["components"].append({"id": number, "type": type, "props": props, **hidden})
        return number

    def endpoint(self, name: str, inputs: list[int], outputs: list[int], **info: Any) -> "App":
        number = len(self.config["dependencies"]) + 10
        self.config["dependencies"].append({"id": number, "api_name": name, "inputs": inputs, "outputs": outputs})
        self.named[f"/{name}"] = {"parameters": [], "returns": []} | info
        return self

    def read(self) -> Api:
        return read_api(self.config, {"named_endpoints": self.named, "unnamed_endpoints": {}})


def said(component: str, python: str, schema: Any = None, **more: Any) -> dict[str, Any]:
    words = {"label": component, "parameter_name": component.lower(), "component": component}
    return words | {"type": schema or {}, "python_type": {"type": python, "description": ""}} | more


def parameter(
    component: str, python: str, schema: Any = None, props: dict[str, Any] | None = None, **more: Any
) -> Parameter:
    app = App()
    part = app.component(component.lower(), **(props or {}))
    (endpoint,) = app.endpoint("x", [part], [], parameters=[said(component, python, schema, **more)]).read().endpoints
    return endpoint.parameters[0]


EDITOR = "dict(background: filepath | None, layers: list[filepath], composite: filepath | None, id: str | None)"
GALLERY = "list[dict(image: filepath, caption: str | None) | dict(video: filepath, caption: str | None)]"
ARRAY = {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}}


@pytest.mark.parametrize(
    ("component", "python", "schema", "kind", "many"),
    [
        ("Textbox", "str", {"type": "string"}, "text", False),
        ("Markdown", "str", {"type": "string"}, "text", False),
        ("Html", "str", {"type": "string"}, "html", False),
        ("Number", "float", {"type": "number"}, "number", False),
        ("Checkbox", "bool", {"type": "boolean"}, "boolean", False),
        ("Radio", "Literal['a']", {"type": "string", "enum": ["a"]}, "text", False),
        ("Dropdown", "list[Literal['x', 'y']]", ARRAY, "text", True),
        ("Checkboxgroup", "list[Literal['x', 'y']]", ARRAY, "text", True),
        ("Image", "filepath", {"type": "object", "title": "ImageData"}, "image", False),
        ("Imageeditor", EDITOR, {"type": "object"}, "image", False),
        ("Imageslider", "tuple[filepath | None, filepath | None] | None", {"anyOf": []}, "image", True),
        ("Gallery", GALLERY, {"type": "array"}, "image", True),
        ("Audio", "filepath", {"type": "object"}, "audio", False),
        ("Video", "filepath", {"type": "object"}, "video", False),
        ("Model3d", "filepath", {"type": "object"}, "model3d", False),
        ("File", "filepath", {"type": "object"}, "file", False),
        ("File", "list[filepath]", {"type": "array"}, "file", True),
        ("Dataframe", "dict(headers: list[Any])", {"type": "object"}, "table", False),
        ("Json", "str | float | bool | list | dict", {"type": {}}, "json", False),
        ("Label", "dict(label: str)", {"type": "object"}, "json", False),
        ("Chatbot", "list[dict(role: str, content: list[dict(file: filepath)])]", {"type": "array"}, "json", False),
        ("Multimodaltextbox", "dict(text: str, files: list[filepath])", {"type": "object"}, "text", False),
        ("Litmodel3d", "filepath", {"type": "object"}, "model3d", False),
        ("Somethingnew", "filepath", {"type": "object"}, "file", False),
        ("Somethingnew", "str", {"type": "string"}, "text", False),
        ("Somethingnew", "dict(a: b)", None, "json", False),
    ],
)
def test_the_component_tells_the_kind(component: str, python: str, schema: Any, kind: str, many: bool) -> None:
    found = parameter(component, python, schema)
    assert (found.kind, found.many) == (kind, many)


def test_a_slider_has_a_range_and_a_default() -> None:
    props = {"minimum": 0, "maximum": 10, "info": "How  much"}
    found = parameter("Slider", "float", None, props, parameter_has_default=True, parameter_default=3)
    assert (found.minimum, found.maximum, found.default, found.required) == (0, 10, 3, False)
    assert found.description == "How much"


def test_choices_are_values_and_not_labels() -> None:
    props = {"choices": [["Very large", "xl"], ["Small", "s"]]}
    assert parameter("Radio", "str", {"enum": ["xl", "s"]}, props).choices == ("xl", "s")
    assert parameter("Dropdown", "str", ARRAY["items"]).choices == ("x", "y")


def test_choices_that_are_only_advice_are_told_as_advice() -> None:
    props = {"choices": [["Small", "s"]], "allow_custom_value": True}
    found = parameter("Dropdown", "str", {"enum": ["s"]}, props)
    assert (found.choices, found.description) == ((), "For example: s")


@pytest.mark.parametrize(
    ("default", "required", "kept"),
    [(FILE, True, None), ([FILE], True, None), ([{"image": FILE}], True, None), (None, False, None), ([], False, [])],
)
def test_an_example_picture_is_nobodys_default(default: Any, required: bool, kept: Any) -> None:
    found = parameter("Gallery", GALLERY, None, None, parameter_has_default=True, parameter_default=default)
    assert (found.required, found.default) == (required, kept)
    assert is_file_default(default) is (default not in (None, []))


def test_what_has_no_default_must_be_given() -> None:
    assert parameter("Textbox", "str", None, None, parameter_has_default=False, parameter_default=None).required


def test_state_has_a_slot_and_no_parameter() -> None:
    app = App()
    text, state, image = app.component("textbox"), app.component("state"), app.component("image")
    info = {"parameters": [said("Textbox", "str"), said("Image", "filepath")], "returns": [said("Image", "filepath")]}
    api = app.endpoint("draw", [text, state, image], [state, image], **info).read()
    (wire,) = api.wires
    assert (wire.inputs, wire.outputs, wire.function) == (("textbox", None, "image"), (False, True), 10)
    assert (wire.protocol, wire.prefix) == ("sse_v3", "/gradio_api")


def test_a_state_is_known_by_its_type_where_nothing_says_it_is_hidden() -> None:
    app = App()
    app.config["components"] = [{"id": 1, "type": "state"}, {"id": 2, "type": "textbox"}]
    (wire,) = app.endpoint("x", [1, 2], [], parameters=[said("Textbox", "str")]).read().wires
    assert wire.inputs == (None, "textbox")


def test_parameters_without_names_are_numbered() -> None:
    app = App()
    parts = [app.component("textbox"), app.component("textbox")]
    nameless = said("Textbox", "str") | {"parameter_name": None}
    (wire,) = app.endpoint("x", parts, [], parameters=[nameless, nameless]).read().wires
    assert wire.inputs == ("param_0", "param_1")


@pytest.mark.parametrize("python", ["dict(video: filepath, subtitles: filepath | None)", "Dict(video: filepath)"])
def test_a_video_stands_beside_its_subtitles_in_older_apps(python: str) -> None:
    app = App()
    old = said("Video", python)
    (wire,) = app.endpoint("x", [app.component("video")], [], parameters=[old]).read().wires
    assert wire.wrapped == {"video": "video"}


def test_descriptions_that_contradict_each_other_are_not_called() -> None:
    app = App()
    assert app.endpoint("x", [app.component("textbox")], [], parameters=[]).read().endpoints == ()


def test_an_endpoint_that_wants_the_callers_token_is_left_out() -> None:
    assert App().endpoint("x", [], [], oauth_token="required").read().endpoints == ()
    assert len(App().endpoint("x", [], [], oauth_token="optional").read().endpoints) == 1


@pytest.mark.parametrize("info", [{}, {"named_endpoints": {}, "unnamed_endpoints": {}}, {"named_endpoints": None}])
def test_a_closed_api_has_no_endpoints(info: dict[str, Any]) -> None:
    assert read_api({}, info) == Api(endpoints=(), wires=())


def draw(*parameters: Parameter, output: str = "image") -> Endpoint:
    return Endpoint(name="/draw", parameters=parameters, outputs=(Output(label="Out", kind=output),))  # type: ignore[arg-type]


PROMPT = Parameter(name="prompt", label="Prompt", kind="text")
SIZE = Parameter(name="size", label="Size", kind="number", required=False, default=5, maximum=10)


def test_words_for_people_change_nothing() -> None:
    renamed = PROMPT.model_copy(update={"label": "Your prompt", "description": "Say it"})
    assert schema_hash(draw(PROMPT)) == schema_hash(draw(renamed))
    assert describe_change(draw(PROMPT), draw(renamed)) is None


@pytest.mark.parametrize(
    ("new", "change"),
    [
        (None, "/draw is gone"),
        (draw(PROMPT), "parameter 'size' is gone"),
        (draw(PROMPT, SIZE, PROMPT.model_copy(update={"name": "style"})), "parameter 'style' is new"),
        (draw(PROMPT, SIZE, output="video"), "outputs were image and are video"),
        (draw(PROMPT, SIZE.model_copy(update={"required": True})), "parameter 'size' must be given now"),
        (draw(PROMPT, SIZE.model_copy(update={"maximum": 20.0})), "the range of 'size' is None to 20.0"),
        (draw(PROMPT, SIZE.model_copy(update={"default": 6})), "the default of 'size' changed"),
        (draw(PROMPT.model_copy(update={"kind": "image"}), SIZE), "parameter 'prompt' took text and takes image"),
        (draw(SIZE, PROMPT), "the order of its parameters or a component changed"),
    ],
)
def test_a_change_is_said_in_one_line(new: Endpoint | None, change: str) -> None:
    assert describe_change(draw(PROMPT, SIZE), new) == change


def test_a_choice_that_was_dropped_is_named() -> None:
    old, new = (PROMPT.model_copy(update={"choices": choices}) for choices in (("a", "b"), ("b", "c")))
    assert describe_change(draw(old), draw(new)) == "choices of 'prompt' changed, without a"
