"""The English the planner knows: media, verbs, units, small words. It holds nothing of any one goal or Space."""

from core.nouns import Kind


def _bag(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _bag(
    """a an the this that these those some any all every each both another other such its his her their our my
    your it they them he she we you i me us and or but nor so then than also as at by for from in into
    of off on onto out over per to up upon via with within without about above after again against
    before below between during until is are was were be been being am do does did done have has had
    having can could will would shall should may might must not no yes if when while where which who
    whom whose what why how there here please just only very too more most much many few lot lots own
    same let lets get got want wants need needs like d s t ll ve re m don one ones using use used based
    given following long new way thing things something anything everything well make sure"""
)

KIND_NOUNS: dict[Kind, frozenset[str]] = {
    "image": _bag(
        """image picture photo photograph drawing painting illustration poster sketch portrait logo icon banner
    wallpaper artwork watercolor watercolour cartoon postcard screenshot jpg jpeg png webp pic snapshot
    engraving etching thumbnail flyer"""
    ),
    "audio": _bag(
        """audio sound music melody tune song soundtrack jingle speech voice voiceover narration recording podcast
    mp3 wav symphony lullaby ringtone waltz sonata ballad anthem beat audiobook"""
    ),
    "video": _bag("video clip film movie animation footage mp4 webm"),
    "model3d": _bag("3d mesh glb gltf stl splat"),
    "text": _bag(
        """text summary caption description story poem essay article transcript transcription translation haiku
    letter slogan answer lyrics paragraph sentence passage document"""
    ),
    "table": _bag("table spreadsheet csv"),
    "json": _bag("json statistics measurements"),
}
"""What a thing is called that comes as this kind, singular."""

FILE_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys(("png", "jpg", "jpeg", "webp", "bmp", "gif", "tiff"), "image"),
    **dict.fromkeys(("wav", "mp3", "flac", "ogg", "m4a"), "audio"),
    **dict.fromkeys(("mp4", "webm", "mov", "avi"), "video"),
    **dict.fromkeys(("glb", "gltf", "obj", "stl", "ply", "splat"), "model3d"),
    **dict.fromkeys(("txt", "md"), "text"),
    **dict.fromkeys(("csv", "tsv"), "table"),
    "json": "json",
    **dict.fromkeys(("pdf", "zip"), "file"),
}

KIND_NAMES: dict[Kind, str] = {
    "image": "an image",
    "audio": "audio",
    "video": "a video",
    "model3d": "a 3D model",
    "text": "text",
    "table": "a table",
    "json": "data",
    "html": "HTML",
    "file": "a file",
    "number": "a number",
    "boolean": "yes or no",
}

PRODUCING = _bag(
    """create make generate build produce design give show prepare craft provide present publish display deploy
    put assemble set add render get invent imagine construct form"""
)
"""Verbs that only say that a thing shall be: what it is stands in the object."""

KIND_VERBS: dict[str, Kind] = {
    **dict.fromkeys(_bag("draw paint sketch illustrate photograph depict"), "image"),
    **dict.fromkeys(_bag("compose sing hum play narrate speak say pronounce recite voice"), "audio"),
    **dict.fromkeys(_bag("film animate"), "video"),
    **dict.fromkeys(_bag("sculpt"), "model3d"),
    **dict.fromkeys(_bag("write"), "text"),
}
"""Verbs that say what comes of them."""

EMPTY_VERBS = _bag("process handle use consider take look work help see")
"""Verbs that say nothing of what is to be done with their object."""

DESCRIBING = _bag("add use include set have keep let give decorate")
"""Verbs that only say more of the thing asked for before: `Add paintings to the walls.`"""

CONVERTING = _bag("turn convert transform change transfer")
"""Verbs with a source before `into` and a product behind it."""

EXAMINING = _bag(
    """measure analyse analyze examine inspect check find tell compute calculate determine estimate report
    count assess evaluate know identify"""
)
"""Verbs that ask for a finding: what is found stands in the object."""

TEXT_VERBS = _bag("""summarise summarize translate transcribe describe caption answer paraphrase rewrite explain""")
"""Verbs whose product is text."""

TEXTUAL = _bag(
    """text sentence paragraph passage words following question quote message lyrics poem article says saying
    reads title statement story document letter phrase speech"""
)
"""Words before a colon behind which a text stands for itself."""

EXTRACTING = _bag("extract get obtain retrieve recover read")
"""Verbs whose object is the product when `from` follows it."""

EDITING = _bag(
    """remove erase enhance upscale colorize colourise colorise restore crop edit improve denoise sharpen
    refine retouch resize rotate decorate texture stylize stylise simplify repair clean segment modify
    adjust blur"""
)
"""Verbs whose product is of the same kind as their source."""

OTHER_VERBS = _bag(
    """detect classify segment extract recognise recognize compare label locate predict separate split merge
    combine mix read discuss chat converse respond tag rank sort search match decode process help
    generate tokenize estimate perform apply list highlight"""
)

VERBS = PRODUCING | frozenset(KIND_VERBS) | CONVERTING | EXAMINING | TEXT_VERBS | EDITING | OTHER_VERBS
NOUNS_TOO = _bag(
    """sketch voice film play measure count report texture label design form set caption answer split mix match
    rank sort process paint show display change search check crop edit blur read tag list present say
    put add turn get help"""
)
"""Verbs that are nouns as often: they count as verbs only before a determiner or at the start."""

ALIKE: tuple[frozenset[str], ...] = tuple(
    _bag(group)
    for group in (
        "summarise summary shorten condense summarization",
        "transcribe transcript transcription recognition decode",
        "caption describe description captioning",
        "upscale enlarge super-resolution",
        "remove erase delete cutout",
        "detect locate identify find detection",
        "classify categorise category classification",
        "segment segmentation mask cutout",
        "speak say narrate speech voice recite pronounce read tts",
        "answer answering question respond",
        "chat converse conversation discuss conversational",
        "translate translation",
        "compose music melody tune song composer",
        "draw drawing sketch illustrate illustration illustrator",
        "paint painting painter",
        "measure meter measurement",
        "loudness volume loud",
        "tempo bpm speed",
        "seconds duration length",
        "edit modify editing modification adjust",
        "enhance improve enhancement restore denoise noise",
        "similar similarity compare",
    )
)
"""Words that mean the same when a goal is held against what a Space says of itself."""

AUDIO_FAMILIES: dict[str, frozenset[str]] = {
    "music": _bag(
        """music melody tune song compose composer soundtrack jingle symphony lullaby waltz sonata ballad
    instrument piano"""
    ),
    "speech": _bag(
        """speech voice voiceover narration speak say narrate recite pronounce tts podcast audiobook aloud"""
    ),
    "sound": _bag("effect noise ambience foley"),
}
"""Kinds of sound that do not stand in for one another."""

DEFINITE = _bag("the this that these those my our your its their his her")
INDEFINITE = _bag("a an some another")
PRONOUNS = _bag("it its them they their itself")
BORDERS = _bag(
    """with of in for that which who showing about on at from by where containing using based under over
    between like having featuring depicting related called named titled labelled entitled inside near
    within during without per through across against toward towards"""
)
"""Words behind which the object of a verb is only described further."""

CONNECTING = frozenset(
    {",", ";", "&", "and", "then", "also", "finally", "afterwards", "next", "lastly", "plus", "firstly"}
)
LEADING = _bag(
    """please can could would will you i i'd i'll i'm me us we we'd we'll to let's lets kindly hey hi hello
    first now just so ok okay but ! help let additionally moreover furthermore therefore after that by"""
)
WISHING = _bag("want need like wish love")
STATING = _bag("has have is are was were contains states shows says reads had there")
"""Finite verbs that make a clause a statement when they stand near its start."""

OWNING = _bag(
    """have has had got attached provided uploaded here there i've we've given shared is are was were contains"""
)
"""First words of a clause that says what there is and asks for nothing."""

ASKING = _bag("""what which who whose whom where when why how is are does do did was were""")
RESULTS = _bag("result results output outputs outcome")
ATTACHED = _bag("""this that these those my our attached given provided following uploaded above""")
"""Words before a thing that is there already, more strongly than `the`."""

DENYING = _bag("""without no not never except excluding avoid avoiding omit omitting minus don't dont skip skipping""")
CONTRASTING = _bag("but with plus only instead just")

PAGE_MEDIUMS = _bag("web online html internet browser interactive")
PAGE_THINGS = _bag("""gallery page viewer site exhibition exhibit showcase slideshow album presentation app""")
PAGE_WORDS = _bag("webpage website viewer homepage microsite web-gallery")
COLLECTIONS = _bag("gallery exhibition showcase slideshow album collection series set")

NUMBER_WORDS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty""".split()  # noqa: SIM905
    )
} | {"dozen": 12, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "couple": 2, "pair": 2}

UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), ("second", 1.0)),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), ("second", 60.0)),
    **dict.fromkeys(("hour", "hours", "h"), ("second", 3600.0)),
    **dict.fromkeys(("millisecond", "milliseconds", "ms"), ("second", 0.001)),
    **dict.fromkeys(("px", "pixel", "pixels"), ("pixel", 1.0)),
    **dict.fromkeys(("bpm",), ("bpm", 1.0)),
    **dict.fromkeys(("fps",), ("fps", 1.0)),
    **dict.fromkeys(("hz", "hertz"), ("hertz", 1.0)),
    **dict.fromkeys(("khz", "kilohertz"), ("hertz", 1000.0)),
    **dict.fromkeys(("face", "faces", "triangle", "triangles", "polygon", "polygons", "tris", "polys"), ("face", 1.0)),
    **dict.fromkeys(("word", "words"), ("word", 1.0)),
    **dict.fromkeys(("mb", "megabyte", "megabytes"), ("megabyte", 1.0)),
    **dict.fromkeys(("percent", "%"), ("percent", 1.0)),
}
"""A word behind a number: the unit it stands for and how many of it."""

UNIT_LABELS: dict[str, frozenset[str]] = {
    "second": _bag("second seconds sec s duration length"),
    "pixel": _bag("px pixel pixels resolution size width height side"),
    "bpm": _bag("bpm tempo"),
    "fps": _bag("fps framerate rate"),
    "hertz": _bag("hz hertz frequency rate"),
    "face": _bag("face faces triangle triangles polygon polygons"),
    "word": _bag("word words length"),
    "megabyte": _bag("mb megabyte megabytes"),
    "percent": _bag("percent percentage"),
}
"""Words in a parameter's name or label that say it takes this unit."""

TECHNICAL = _bag(
    """style background color colour theme look mood seed random randomize width height size resolution step
    steps guidance scale cfg quality format model sampler scheduler strength number count inference num
    negative prompt temperature top max min maximum minimum output input file length duration second
    seconds fps rate batch aspect ratio token tokens language detail level mode preset speed type"""
)
"""Words of labels that say how a thing is made and not what."""

PROMPTING = (
    "prompt",
    "text",
    "description",
    "describe",
    "caption",
    "scene",
    "subject",
    "input",
    "message",
    "query",
    "words",
    "what",
)
"""Words of a name or label by which the main text parameter is known, best first."""

SECRETS = _bag("token password secret apikey oauth credential credentials")
EMPTY_CHOICES = _bag("none no off without nothing disabled empty null bare")
GRADES = _bag(
    """low medium high fast slow normal standard best draft small large big tiny auto automatic default simple
    full quick good better great short long light heavy natural basic mini max ultra original custom
    other any"""
)
"""Choices that mean something only beside the name of what they grade."""

GENERIC_THINGS = _bag(
    """object objects thing things subject anything everything item items description words prompt prompts text
    scene scenes model models mesh asset assets shape shapes file files result version idea ideas one
    content input what whatever you your"""
)
"""Nouns by which a Space says that it makes whatever it is told."""

SWITCHING = _bag("""add include use enable with show apply generate put has have want make allow keep enabled""")
SPACE_STAGES = frozenset(
    {"RUNNING", "SLEEPING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "APP_STARTING", "BUILDING"}
)
"""Stages from which a Space answers, some after waking or starting."""
