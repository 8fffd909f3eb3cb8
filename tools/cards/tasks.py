"""The pipeline tags of the Hub, and the other names they go by."""

TASKS = frozenset(
    {
        # Multimodal
        "any-to-any", "audio-text-to-text", "document-question-answering", "image-text-to-text", "image-text-to-image",
        "image-text-to-video", "video-text-to-text", "visual-document-retrieval", "visual-question-answering",
        # Vision
        "depth-estimation", "image-classification", "image-feature-extraction", "image-segmentation", "image-to-3d",
        "image-to-image", "image-to-text", "image-to-video", "keypoint-detection", "mask-generation",
        "object-detection", "text-to-3d", "text-to-image", "text-to-video", "unconditional-image-generation",
        "video-classification", "video-to-video", "zero-shot-image-classification", "zero-shot-object-detection",
        # Text
        "conversational", "feature-extraction", "fill-mask", "multiple-choice", "question-answering",
        "sentence-similarity", "summarization", "table-question-answering", "text-classification", "text-generation",
        "text-ranking", "text-retrieval", "text2text-generation", "token-classification", "translation",
        "zero-shot-classification",
        # Sound
        "audio-classification", "audio-to-audio", "automatic-speech-recognition", "text-to-audio", "text-to-speech",
        "voice-activity-detection",
        # The rest
        "graph-ml", "other", "reinforcement-learning", "robotics", "tabular-classification", "tabular-regression",
        "time-series-forecasting",
    }
)  # fmt: skip
"""With the retired ones that old cards declare: conversational and text2text-generation."""

_NAMES = {
    "text-classification": "sentiment-analysis text-regression sentiment-classification emotion-classification "
    "multi-label-classification natural-language-inference nli single-column-regression multi-class-classification "
    "binary-classification toxicity hate-speech-detection intent-classification sequence-classification emotion "
    "sentiment fake-news-detection",
    "token-classification": "ner named-entity-recognition pos pos-tagging part-of-speech part-of-speech-tagging "
    "entity-extraction entity-recognition dependency-parsing punctuation token-classification-ner keyphrase-extraction",
    "fill-mask": "masked-lm mlm masked-language-modeling masked-language-model",
    "text-generation": "causal-lm language-modeling text-generation-inference gpt gpt2 gpt-2 story-generation "
    "causal-language-modeling llm instruct rwkv",
    "text2text-generation": "seq2seq-lm text2text sequence-to-sequence paraphrase-generation question-generation "
    "grammar-correction paraphrasing data-to-text",
    "summarization": "summarisation text-summarization extreme-summarization headline-generation",
    "translation": "machine-translation nmt opus-mt",
    "question-answering": "extractive-qa qa extractive-question-answering closed-domain-qa",
    "zero-shot-classification": "zero-shot zeroshot zero-shot-text-classification",
    "sentence-similarity": "semantic-textual-similarity sentence-embedding sentence-embeddings semantic-search "
    "paraphrase-identification sts bi-encoder dense-passage-retrieval",
    "feature-extraction": "embeddings embedding text-embedding word-embeddings word2vec",
    "text-ranking": "reranker cross-encoder passage-reranking reranking",
    "conversational": "dialogue chatbot dialog-response-generation dialogue-response-generation",
    "text-to-image": "text2image txt2img stable-diffusion stable-diffusion-diffusers dreambooth textual-inversion "
    "image-generation stable-diffusion-xl sdxl waifu-diffusion flux latent-diffusion dreambooth-hackathon",
    "image-to-image": "img2img super-resolution image-super-resolution image-restoration image-deblurring "
    "image-denoising colorization style-transfer image-dehazing cyclegan low-light-image-enhancement inpainting "
    "image-enhancement controlnet instruct-pix2pix",
    "image-to-text": "image-captioning ocr captioning optical-character-recognition image2text handwriting-recognition",
    "image-text-to-text": "vision-language-model vlm multimodal-llm",
    "visual-question-answering": "vqa",
    "document-question-answering": "docvqa document-visual-question-answering",
    "image-classification": "imageclassification vision-classification face-recognition image-classifier",
    "object-detection": "yolo yolov5 yolov6 yolov7 yolov8 yolox yolo11 face-detection",
    "image-segmentation": "semantic-segmentation instance-segmentation panoptic-segmentation medical-segmentation",
    "depth-estimation": "monocular-depth-estimation depth",
    "keypoint-detection": "pose-estimation",
    "unconditional-image-generation": "gan ddpm image-synthesis stylegan dcgan diffusion-models-class-unconditional",
    "video-classification": "action-recognition",
    "text-to-video": "text2video txt2vid video-generation",
    "image-to-video": "img2vid image2video i2v",
    "image-to-3d": "image2mesh single-view-reconstruction",
    "text-to-3d": "text2mesh",
    "automatic-speech-recognition": "asr speech-recognition speech-to-text hf-asr-leaderboard whisper-event stt "
    "robust-speech-event automatic-speech-recognition-asr audio-visual-to-text transcription",
    "text-to-speech": "tts speech-synthesis vocoder",
    "text-to-audio": "music-generation text-to-music audio-generation",
    "audio-classification": "speaker-recognition speaker-verification language-identification audio-tagging "
    "speech-emotion-recognition keyword-spotting",
    "audio-to-audio": "speech-enhancement source-separation speech-separation audio-source-separation "
    "voice-conversion denoising speech-to-speech",
    "voice-activity-detection": "vad speaker-diarization diarization speaker-segmentation",
    "reinforcement-learning": "deep-reinforcement-learning rl deep-rl-class deep-rl-course stable-baselines3 "
    "ml-agents q-learning custom-implementation-rl decision-transformer rl-class reinforce ppo dqn a2c sac td3",
    "robotics": "lerobot imitation-learning",
    "tabular-classification": "tabular-data-classification structured-data-classification",
    "tabular-regression": "house-prices",
    "time-series-forecasting": "time-series forecasting",
    "table-question-answering": "tapas table-qa tableqa",
    "zero-shot-image-classification": "clip open-clip",
    "multiple-choice": "swag",
    "graph-ml": "graph-neural-network graph-classification node-classification gnn",
}

NAMES: dict[str, str] = {name: task for task, names in _NAMES.items() for name in names.split()} | {
    task: task for task in TASKS
}
"""The task by what a tag may call it, in lower case with dashes."""

KIN = (
    # The first says more than the second, which such cards state as well.
    ("zero-shot-classification", "text-classification"),
    ("sentence-similarity", "feature-extraction"),
    ("summarization", "text2text-generation"),
    ("translation", "text2text-generation"),
    ("text2text-generation", "text-generation"),
    ("conversational", "text-generation"),
    ("document-question-answering", "question-answering"),
    ("visual-question-answering", "question-answering"),
    ("table-question-answering", "question-answering"),
    ("zero-shot-image-classification", "image-classification"),
    ("zero-shot-object-detection", "object-detection"),
    ("image-text-to-text", "image-to-text"),
    ("text-to-speech", "text-to-audio"),
    ("text-ranking", "text-classification"),
    ("tabular-regression", "tabular-classification"),
)
"""Pairs of tasks of which the first is the narrower."""


def task_named(words: str) -> str | None:
    """The task that a tag or a phrase names, however it is written; None when it names none."""
    name = "-".join(words.lower().replace("_", " ").replace("-", " ").split())
    return NAMES.get(name)
