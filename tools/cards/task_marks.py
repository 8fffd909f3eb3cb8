"""What gives a task away without words for it: classes in code, libraries, architectures, datasets, metrics.

Each table goes from a mark to (task, weight); a weight is roughly how often the mark alone is right.
"""

import re
from functools import lru_cache

Mark = tuple[str, float]

CLASSES: tuple[tuple[str, Mark], ...] = (
    ("ForSequenceClassification", ("text-classification", 0.8)),
    ("ForTokenClassification", ("token-classification", 0.9)),
    ("ForQuestionAnswering", ("question-answering", 0.85)),
    ("ForMaskedLM|WithLMHead\\b(?<=Masked)|ForPreTraining", ("fill-mask", 0.8)),
    ("ForCausalLM|LMHeadModel", ("text-generation", 0.8)),
    (
        "MBartForConditionalGeneration|T5ForConditionalGeneration|ForSeq2SeqLM|BartForConditionalGeneration",
        ("text2text-generation", 0.6),
    ),
    ("Pegasus\\w*ForConditionalGeneration", ("summarization", 0.7)),
    ("MarianMTModel|M2M100\\w*|NllbTokenizer\\w*", ("translation", 0.8)),
    ("ForImageClassification|ViTForImage", ("image-classification", 0.9)),
    ("ForObjectDetection|DetrForSegmentation", ("object-detection", 0.85)),
    ("For(?:Semantic|Instance|Universal|Image|Panoptic)Segmentation", ("image-segmentation", 0.9)),
    ("ForDepthEstimation", ("depth-estimation", 0.9)),
    (
        "ForCTC|ForSpeechSeq2Seq|WhisperForConditional|Speech2TextFor|EncoderDecoderASR|EncoderASR",
        ("automatic-speech-recognition", 0.9),
    ),
    ("ForAudioClassification|EncoderClassifier|SpeakerRecognition", ("audio-classification", 0.85)),
    ("ForTextToSpeech|ForTextToWaveform|VitsModel|Tacotron2|FastSpeech2|HIFIGAN", ("text-to-speech", 0.85)),
    ("SepformerSeparation|SpectralMaskEnhancement|ConvTasNet|DPRNNTasNet|DCCRNet", ("audio-to-audio", 0.9)),
    ("ForVideoClassification", ("video-classification", 0.9)),
    ("ForVisualQuestionAnswering|ViltForQuestion", ("visual-question-answering", 0.9)),
    ("ForImageTextToText|LlavaFor\\w+|Qwen2(?:_5)?_?VL\\w*|Idefics\\w*For", ("image-text-to-text", 0.85)),
    ("ForVision2Seq|VisionEncoderDecoderModel|BlipForConditional\\w*|TrOCRProcessor", ("image-to-text", 0.75)),
    ("ForZeroShotImageClassification|\\bCLIPModel\\b|ChineseCLIPModel", ("zero-shot-image-classification", 0.65)),
    ("ForZeroShotObjectDetection|OwlViTFor\\w*", ("zero-shot-object-detection", 0.9)),
    ("ForMaskGeneration|\\bSamModel", ("mask-generation", 0.9)),
    ("ForTableQuestionAnswering", ("table-question-answering", 0.9)),
    ("ForMultipleChoice", ("multiple-choice", 0.9)),
    (
        "StableDiffusion(?:XL)?Pipeline|AutoPipelineForText2Image|FluxPipeline|StableDiffusion3Pipeline|"
        "StableDiffusionOnnxPipeline",
        ("text-to-image", 0.85),
    ),
    (
        "StableDiffusion\\w*(?:Img2Img|Inpaint|Upscale|Pix2Pix)\\w*|AutoPipelineFor(?:Image2Image|Inpainting)",
        ("image-to-image", 0.6),
    ),
    ("DDPMPipeline|DDIMPipeline|ScoreSdeVePipeline|PNDMPipeline", ("unconditional-image-generation", 0.9)),
    (
        "TextToVideo\\w*|AnimateDiffPipeline|CogVideoXPipeline|WanPipeline|HunyuanVideoPipeline|export_to_video",
        ("text-to-video", 0.6),
    ),
    ("ImageToVideo\\w*|StableVideoDiffusionPipeline", ("image-to-video", 0.85)),
    ("SentenceTransformer\\(|sentence_transformers$", ("sentence-similarity", 0.85)),
    ("CrossEncoder\\(", ("text-ranking", 0.6)),
    ("SetFitModel", ("text-classification", 0.95)),
    ("SequenceTagger", ("token-classification", 0.9)),
    ("^(?:load_from_hub\\(|stable_baselines3|gym\\.make)", ("reinforcement-learning", 0.9)),
    ("^yolov?\\d*\\.load\\(|^YOLO\\(", ("object-detection", 0.7)),
    ("timm\\.create_model\\(", ("image-classification", 0.7)),
    (
        "WhisperModel\\(|ASRModel\\.from_pretrained|EncDec\\w*CTC\\w*Model|Speech2Text\\(",
        ("automatic-speech-recognition", 0.9),
    ),
    ("Text2Speech\\(", ("text-to-speech", 0.95)),
    ("DecisionTransformerModel", ("reinforcement-learning", 0.85)),
)

_ANY = re.compile("|".join(f"(?P<c{number}>{pattern})" for number, (pattern, _) in enumerate(CLASSES)))


@lru_cache(4096)
def mark_of_class(name: str) -> Mark | None:
    """What a name in code gives away; its opening bracket may be part of it."""
    found = _ANY.search(name[:100])
    return CLASSES[int(str(found.lastgroup)[1:])][1] if found else None


LIBRARIES: dict[str, Mark] = {
    "sentence-transformers": ("sentence-similarity", 0.85),
    "setfit": ("text-classification", 0.95),
    "stable-baselines3": ("reinforcement-learning", 0.97),
    "ml-agents": ("reinforcement-learning", 0.97),
    "sample-factory": ("reinforcement-learning", 0.97),
    "cleanrl": ("reinforcement-learning", 0.95),
    "rl-baselines3-zoo": ("reinforcement-learning", 0.95),
    "deep-rl-class": ("reinforcement-learning", 0.95),
    "diffusers": ("text-to-image", 0.6),
    "timm": ("image-classification", 0.7),
    "spacy": ("token-classification", 0.6),
    "flair": ("token-classification", 0.85),
    "stanza": ("token-classification", 0.85),
    "span-marker": ("token-classification", 0.9),
    "gliner": ("token-classification", 0.9),
    "yolov5": ("object-detection", 0.8),
    "ultralytics": ("object-detection", 0.75),
    "ultralyticsplus": ("object-detection", 0.75),
    "doctr": ("image-to-text", 0.6),
    "open_clip": ("zero-shot-image-classification", 0.8),
    "speechbrain": ("automatic-speech-recognition", 0.35),
    "nemo": ("automatic-speech-recognition", 0.35),
    "espnet": ("automatic-speech-recognition", 0.4),
    "coqui": ("automatic-speech-recognition", 0.4),
    "asteroid": ("audio-to-audio", 0.4),
    "tensorflowtts": ("text-to-speech", 0.4),
    "pyannote-audio": ("voice-activity-detection", 0.7),
    "adapter-transformers": ("text-classification", 0.2),
    "fairseq": ("translation", 0.25),
    "keras": ("image-classification", 0.25),
    "fastai": ("image-classification", 0.4),
    "fastmonai": ("image-segmentation", 0.6),
    "monai": ("image-segmentation", 0.6),
    "sklearn": ("tabular-classification", 0.6),
    "skops": ("tabular-classification", 0.6),
    "xgboost": ("tabular-classification", 0.5),
    "bertopic": ("text-classification", 0.6),
    "fasttext": ("text-classification", 0.4),
    "peft": ("text-generation", 0.3),
    "llama-cpp": ("text-generation", 0.5),
    "gguf": ("text-generation", 0.3),
    "mlx": ("text-generation", 0.5),
    "vllm": ("text-generation", 0.6),
    "lerobot": ("robotics", 0.9),
    "autotrain": ("text-classification", 0.2),
    "stable-diffusion": ("text-to-image", 0.8),
}

NAMES: tuple[tuple[str, Mark], ...] = (
    (
        r"\w*gpt-?\d?|opt|bloomz?|\w*llama\d?|mi[sx]tral|qwen[\d.]*|gemma\d?|phi|falcon|pythia|\w*rwkv|dialogpt|"
        r"dolly|\w*alpaca|\w*vicuna|\w*chat|instruct|lm|(?!\w*(?:xlm|minilm|layoutlm|wavlm|vlm))\w+lm",
        ("text-generation", 0.5),
    ),
    (r"\w*t5|flan|\w*bart", ("text2text-generation", 0.4)),
    (r"pegasus|summar\w*|headline\w*|xsum|cnn", ("summarization", 0.55)),
    (r"opus-mt|marian|nllb|m2m100|translat\w*|wmt\d*|nmt|iwslt", ("translation", 0.6)),
    (r"\w*whisper|wav2vec2?|xlsr|hubert|asr|stt|conformer|s2t", ("automatic-speech-recognition", 0.6)),
    (r"tts|vits|tacotron2?|fastspeech2?|hifigan|xtts", ("text-to-speech", 0.65)),
    (r"\w*bert\w*|electra|deberta|\w*roberta\w*|mega", ("fill-mask", 0.3)),
    (r"ner|upos|pos|conll\w*|ontonotes|wikiann|punctuation|\w*ner", ("token-classification", 0.65)),
    (
        r"sentiment\w*|emotion\w*|classifier|classification|toxic\w*|hate|sst-?2|cola|mrpc|qnli|nli|spam|imdb|"
        r"fake-?news\w*|intent|setfit|detector",
        ("text-classification", 0.5),
    ),
    (r"mnli|xnli|zero-?shot", ("zero-shot-classification", 0.5)),
    (r"squad\w*|qa|tydiqa|question-answering", ("question-answering", 0.6)),
    (
        r"sbert|simcse|sts|paraphrase|minilm|mpnet|retriever|dpr|msmarco|sentence|e5|bge|gte|embed\w*",
        ("sentence-similarity", 0.5),
    ),
    (r"reranker|cross-encoder", ("text-ranking", 0.6)),
    (
        r"vit|resnet\d*|convnext\w*|swin\w*|beit|deit|efficientnet\w*|mobilenet\w*|densenet\d*|regnet\w*|"
        r"food101|cifar\d*|imagenet\w*|classifier-images",
        ("image-classification", 0.5),
    ),
    (r"detr|yolo\w*|detection|yolos", ("object-detection", 0.55)),
    (r"segformer|maskformer|mask2former|unet|segment\w*|deeplab\w*", ("image-segmentation", 0.55)),
    (r"dpt|midas|depth\w*|glpn", ("depth-estimation", 0.55)),
    (r"blip\d?|caption\w*|trocr|ocr|donut|doctr|git", ("image-to-text", 0.5)),
    (r"vilt|vqa\w*", ("visual-question-answering", 0.6)),
    (r"docvqa|layoutlm\w*", ("document-question-answering", 0.35)),
    (r"clip", ("zero-shot-image-classification", 0.4)),
    (r"diffusion|sd|dreambooth|sdxl|lora|sd\d\w*|waifu|\w*diffusion|\w*mix|flux", ("text-to-image", 0.5)),
    (r"esrgan|pix2pix|cyclegan|swin2sr|controlnet|inpaint\w*", ("image-to-image", 0.55)),
    (r"ddpm|gan|stylegan\d?|dcgan", ("unconditional-image-generation", 0.55)),
    (
        r"ppo|dqn|a2c|sac|td3|reinforce|qrdqn|trpo|lunarlander\w*|cartpole\w*|taxi|frozenlake\w*|pixelcopter|"
        r"decision-transformer\w*|hopper|q",
        ("reinforcement-learning", 0.6),
    ),
    (r"videomae|timesformer|xclip", ("video-classification", 0.7)),
    (r"tapas|tapex|wtq|wikisql", ("table-question-answering", 0.5)),
)
"""Parts of the model's name, between its dashes."""

NAME_PATTERNS = tuple(
    (re.compile(rf"(?:^|[-_. /])(?:{pattern})(?=$|[-_. ])", re.IGNORECASE), mark) for pattern, mark in NAMES
)

DATASETS: tuple[tuple[str, Mark], ...] = (
    (r"squad|fquad|piaf|tydiqa|sberquad|germanquad|\bqa\b|_qa|qa_", ("question-answering", 0.6)),
    (
        r"conll|wikiann|wikineural|ontonotes|universal_dependencies|lener|\bner\b|wnut|"
        r"funsd|ncbi_disease|sroie|docred",
        ("token-classification", 0.7),
    ),
    (
        r"imdb|glue|tweet_eval|emotion|amazon_reviews|ag_news|banking77|sst2|rotten_tomatoes|hate|sentiment|"
        r"yelp|financial_phrasebank|go_emotions|toxic",
        ("text-classification", 0.6),
    ),
    (r"xnli|multi_nli|mnli|anli|snli|jsnli|fever|lingnli", ("zero-shot-classification", 0.5)),
    (
        r"common_?voice|librispeech|voxpopuli|fleurs|timit|gigaspeech|multilingual_librispeech|aishell|"
        r"tedlium|LRS\d",
        ("automatic-speech-recognition", 0.75),
    ),
    (r"ljspeech|vctk|libritts", ("text-to-speech", 0.75)),
    (r"speech_commands|superb|gtzan|esc-?50|audioset|urbansound|voxceleb", ("audio-classification", 0.6)),
    (r"wmt\d+|opus|iwslt|tatoeba|kde4|flores|ccmatrix|multi30k", ("translation", 0.65)),
    (r"xsum|cnn_dailymail|samsum|billsum|gigaword|mlsum|big_patent|multi_news|xlsum|summar", ("summarization", 0.65)),
    (
        r"imagenet|cifar|beans|food101|mnist|cats_vs_dogs|imagefolder|fer2013|cats-image",
        ("image-classification", 0.7),
    ),
    (r"ms-?coco|flickr30k|conceptual|nocaps|textcaps", ("image-to-text", 0.4)),
    (r"\bcoco\b|object-detection|cppe-5|voc", ("object-detection", 0.5)),
    (r"ade20k|scene_parse|cityscapes|segment|sidewalk", ("image-segmentation", 0.65)),
    (r"nyu|kitti", ("depth-estimation", 0.6)),
    (r"vqa", ("visual-question-answering", 0.6)),
    (r"docvqa", ("document-question-answering", 0.7)),
    (
        r"persona|daily_dialog|blended_skill|convai|chatgpt-prompts|oasst|alpaca|sharegpt|ultrachat|dolly|"
        r"pile|wikitext|openwebtext",
        ("text-generation", 0.35),
    ),
    (r"stable-diffusion|diffusiondb|laion|dreambooth|pokemon-blip|(?<!gpt-)prompts?$", ("text-to-image", 0.4)),
    (r"ms_?marco|sts-?b|stsb|all-nli|quora|natural_questions", ("sentence-similarity", 0.45)),
    (r"code_search_net|conala|wiki_?lingua", ("text2text-generation", 0.4)),
    (r"^(?:wikipedia|oscar|mc4|c4|cc100|bookcorpus|common_crawl|cc_?news)$", ("fill-mask", 0.3)),
    (r"gym_replay|d4rl|minari", ("reinforcement-learning", 0.8)),
    (r"tabular|titanic|iris|housing", ("tabular-classification", 0.6)),
    (r"ucf101|kinetics|something-something", ("video-classification", 0.7)),
)
DATASET_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), mark) for pattern, mark in DATASETS)

METRICS: dict[str, Mark] = {
    "wer": ("automatic-speech-recognition", 0.75),
    "cer": ("automatic-speech-recognition", 0.5),
    "bleu": ("translation", 0.45),
    "sacrebleu": ("translation", 0.55),
    "chrf": ("translation", 0.6),
    "comet": ("translation", 0.5),
    "rouge": ("summarization", 0.5),
    "rouge1": ("summarization", 0.5),
    "mean_iou": ("image-segmentation", 0.75),
    "miou": ("image-segmentation", 0.75),
    "map": ("object-detection", 0.5),
    "map50": ("object-detection", 0.6),
    "squad": ("question-answering", 0.75),
    "squad_v2": ("question-answering", 0.75),
    "exact_match": ("question-answering", 0.5),
    "seqeval": ("token-classification", 0.75),
    "perplexity": ("text-generation", 0.35),
    "code_eval": ("text-generation", 0.5),
    "mean_reward": ("reinforcement-learning", 0.9),
    "glue": ("text-classification", 0.5),
    "fid": ("unconditional-image-generation", 0.4),
    "spearmanr": ("sentence-similarity", 0.3),
    "matthews_correlation": ("text-classification", 0.4),
    "f1": ("text-classification", 0.15),
    "accuracy": ("text-classification", 0.1),
    "r_squared": ("tabular-regression", 0.5),
    "mae": ("tabular-regression", 0.2),
    "bits_per_character": ("text-generation", 0.5),
}
