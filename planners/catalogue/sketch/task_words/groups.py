"""Words that do as well as one another in the phrases for a task; `/` stands between them."""

GROUPS = {
    "IMAGE": "image/picture/photo/photograph/<image>/scene/illustration/drawing/painting/snapshot/screenshot",
    "AUDIO": "audio/recording/<audio>/voice/speech/sound/podcast/song/music/soundtrack",
    "VIDEO": "video/clip/animation/movie/film/footage/slideshow",
    "SPOKEN": "speech/audio/voice/spoken/narration/<audio>/sound/voiceover",
    "TEXT": "text/article/paragraph/passage/document/sentence/transcript/summary/answer/response/result/content/"
    "<quotation>/story/information/translation/description/caption/poem/script/output/label/phrase",
    "DOCUMENT": "document/invoice/receipt/contract/scan",
    "READ": "text/article/paragraph/passage/summary/story/transcribed/translated/context/sentence/essay/book",
    "QUESTION": "question/query/<question>/inquiry",
    "OBJECT": "object/item/person/people/car/animal/face/element/product/thing/building/pedestrian/vehicle",
    "LANGUAGE": "french/spanish/german/english/italian/chinese/mandarin/japanese/korean/portuguese/russian/arabic/"
    "hindi/dutch/polish/turkish/swedish",
    "MAKE": "generate/create/make/produce/design/draw/paint/render/build/illustrate/visualize/visualise/synthesize",
    "TURN": "convert/turn/transform/change/transfer",
    "KNOW": "identify/determine/know/tell/find/recognize/recognise/detect/predict",
    "COLOR": "color/colour/background/brightness/contrast/sky/blue/red/green/black/white/yellow/hat/hair/shirt",
}
