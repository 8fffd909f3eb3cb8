"""What people write of a model that does a task. Phrases are whole words in lower case, without signs between them."""

_STRONG = {
    "text-classification": "text classification, sentiment analysis, sentiment classification, text classifier, "
    "hate speech detection, sequence classification, emotion classification, intent classification, "
    "topic classification, fake news detection, sentiment classifier, tweet classifier, "
    "multi label classification, toxicity, single column regression, spam detection, emotion detection, "
    "sentiment detection, natural language inference, text regression, "
    "document classification, entailment, detect hate speech, offensive language, "
    "paraphrase detection, sarcasm detection, fake news, stance detection, language detection, "
    "sentence classification, text analytics, classify text, classifies text, classify sentences, "
    "setfit model, classification of text, sentiment, news classification, hate speech, detects whether, "
    "classify tweets, clickbait, classify whether, regression model, text detector",
    "token-classification": (
        "token classification, named entity recognition, entity recognition, part of speech, pos tagging, "
        "ner model, entity extraction, dependency parsing, punctuation restoration, ner, named entities, upos, "
        "pos tagger, sentence segmentation, keyphrase extraction, named entity, keyword extraction, "
        "slot filling, chunking, entity type"
    ),
    "fill-mask": "masked language model, masked language modeling, masked language modelling, fill mask, mask filling, "
    "masked lm, mlm objective, language model pre trained, mlm, pretrained language model, "
    "pre trained language model, bert base model, bert pre trained, roberta pre trained, encoder only, "
    "pre trained bert, domain adaptive pretraining, bert language model, whole word masking, roberta model, "
    "bert model, electra",
    "text-generation": "text generation, causal language modeling, causal language model, language generation, "
    "generative language model, autoregressive, gpt 2, gpt2, gpt neo, gpt j, gpt, large language model, llm, "
    "causal lm, story generation, chat model, instruction tuned, instruction following, poetry generation, "
    "code generation, rwkv, chatbot, decoder only, opt, bloom, llama, mistral, generates text, "
    "code completion, instruct model, qwen, language model, assistant model",
    "text2text-generation": (
        "text2text generation, sequence to sequence, seq2seq, question generation, grammar correction, "
        "paraphrase generation, paraphrasing, paraphraser, grammatical error correction, data to text, "
        "text simplification, spelling correction, text to text, flan t5, t5, mt5, text to sql, encoder decoder, "
        "style transfer of text, normalization"
    ),
    "summarization": "summarization, summarisation, text summarization, summarizer, headline generation, "
    "abstractive summarization, summaries, generate summaries, summarizes, title generation",
    "translation": (
        "machine translation, translation model, translation, translates, translator, opus mt, source group, "
        "source language, target language, nmt"
    ),
    "question-answering": (
        "question answering, extractive qa, squad, answer questions, extractive question answering, qa model, "
        "reading comprehension, questions answering, squad 2 0, squad v2, question answer"
    ),
    "zero-shot-classification": (
        "zero shot classification, zero shot classifier, zero shot text classification, zeroshot, zero shot, "
        "entailment model, mnli, xnli"
    ),
    "sentence-similarity": "sentence transformers, sentence similarity, sentence embeddings, semantic search, "
    "semantic textual similarity, sentence embedding, maps sentences, sentence transformer, sts benchmark, "
    "dense vector space, sbert, dense retrieval, passage retrieval, text embeddings, embedding model, simcse",
    "feature-extraction": (
        "feature extraction, word embeddings, extract features, embeddings, word vectors, feature extractor, "
        "colbert, representation learning, word2vec, protein language model"
    ),
    "text-ranking": "reranker, re ranking, cross encoder, reranking, passage ranking",
    "table-question-answering": "table question answering, tapas, tapex, questions about tables",
    "multiple-choice": "multiple choice, swag",
    "conversational": "conversational, dialogpt, dialogue model, dialogue response, chatbot, conversation, dialog",
    "text-to-image": "text to image, stable diffusion, dreambooth, textual inversion, text2img, txt2img, "
    "stable diffusion model, generates images, generate images, latent diffusion, dreambooth model, "
    "waifu diffusion, civitai, checkpoint merge, negative prompt, merge model, anime model, sdxl, lora, "
    "sd1 5, image generation, diffusion model, sd 1 5, webui, civitai com, vae, automatic1111, masterpiece, "
    "prompts, 生成, モデル, hypernetwork, embedding for sd",
    "image-to-image": "image to image, super resolution, image restoration, image translation, img2img, deblurring, "
    "image denoising, colorization, style transfer, inpainting, pix2pix, cyclegan, controlnet, upscaling, "
    "upscaler, dehazing, image enhancement, background removal",
    "image-to-text": (
        "image captioning, optical character recognition, ocr, image to text, caption images, image caption, "
        "handwriting recognition, text recognition, captioning, captions, trocr, image description"
    ),
    "image-text-to-text": (
        "vision language model, multimodal large language model, vlm, image text to text, multimodal llm"
    ),
    "visual-question-answering": "visual question answering, vqa, vqav2, questions about images",
    "document-question-answering": (
        "document question answering, docvqa, document vqa, document visual question answering"
    ),
    "image-classification": "image classification, image classifier, classifies images, classify images, imagenet, "
    "vision transformer, classification of images, resnet, convnext, efficientnet, facial emotion, "
    "image recognition, classifier model for images, mobilenet, images of, food classification, "
    "pretrained weights for images, densenet, vit",
    "object-detection": "object detection, yolo, yolov5, yolov8, bounding boxes, detr, faster rcnn, object detector, "
    "detects objects, yolov7, layout analysis, table detection, face detection, r cnn, yolos",
    "image-segmentation": "image segmentation, semantic segmentation, instance segmentation, panoptic segmentation, "
    "segmentation model, segformer, segmentation, u net, unet segmentation, mask2former, maskformer, "
    "deeplab, matting",
    "mask-generation": "segment anything, mask generation",
    "depth-estimation": "depth estimation, monocular depth, depth prediction, depth map, depth maps",
    "keypoint-detection": "keypoint detection, pose estimation, human pose",
    "unconditional-image-generation": (
        "unconditional image generation, generative adversarial network, ddpm, gan, stylegan, "
        "unconditional generation, diffusion models class, dcgan"
    ),
    "video-classification": "video classification, action recognition, timesformer, videomae",
    "text-to-video": "text to video, video generation, text2video, videos from text",
    "image-to-video": "image to video, i2v, animates images",
    "video-text-to-text": "video understanding, video question answering",
    "image-to-3d": "image to 3d, single image 3d, 3d reconstruction from a single image, 3d assets from images",
    "text-to-3d": "text to 3d, 3d generation from text, text to mesh",
    "zero-shot-image-classification": (
        "zero shot image classification, clip model, clip, image text, contrastive language image"
    ),
    "zero-shot-object-detection": (
        "zero shot object detection, open vocabulary detection, open vocabulary object detection"
    ),
    "image-feature-extraction": "image feature extraction, image embeddings, self supervised vision, dinov2",
    "automatic-speech-recognition": (
        "automatic speech recognition, speech recognition, speech to text, asr, whisper, wav2vec2, "
        "transcription, wav2vec 2 0, transcribes, transcribe speech, wer, hubert fine tuned, word error rate, "
        "conformer ctc, xlsr"
    ),
    "text-to-speech": "text to speech, tts, speech synthesis, vocoder, tacotron, vits, fastspeech, voice cloning",
    "text-to-audio": "text to audio, music generation, text to music, audio generation, sound effects",
    "audio-classification": (
        "audio classification, speaker verification, speaker identification, spoken language identification, "
        "sound classification, speech emotion, keyword spotting, emotion recognition from speech, "
        "genre classification, audio tagging"
    ),
    "audio-to-audio": "audio to audio, speech enhancement, source separation, speech separation, voice conversion, "
    "denoising of audio, speech to speech, audio denoising",
    "voice-activity-detection": (
        "voice activity detection, speaker diarization, speaker segmentation, overlapped speech detection"
    ),
    "reinforcement-learning": (
        "reinforcement learning, deep reinforcement learning, stable baselines3, agent playing, q learning, "
        "ppo agent, gym, ml agents, decision transformer, rl agent, trained agent, dqn agent, policy gradient, "
        "actor critic, ppo, reward"
    ),
    "robotics": "robotics, robot policy, robot manipulation, vision language action, lerobot",
    "tabular-classification": (
        "tabular classification, tabular data, predicts the class of a row, logistic regression, random forest"
    ),
    "tabular-regression": "tabular regression, regression on tabular data, linear regression, house prices, "
    "regression model on tabular",
    "time-series-forecasting": "time series forecasting, time series, forecasting",
    "graph-ml": "graph neural network, graph classification, molecular graph, node classification, link prediction",
    "any-to-any": "any to any, omni model",
    "audio-text-to-text": "audio language model, audio understanding",
    "text-retrieval": "text retrieval, bm25",
    "visual-document-retrieval": "visual document retrieval, colpali",
}

STRONG = {task: tuple(phrases.split(", ")) for task, phrases in _STRONG.items()}
"""By task, the surest first: a phrase further on counts for less, down to a half."""

_ANYWHERE = (
    "audio classification, automatic speech recognition, causal language modeling, civitai, civitai com, "
    "depth estimation, dreambooth, feature extraction, fill mask, image captioning, image classification, "
    "image segmentation, image to 3d, image to image, machine translation, mask filling, masked language model, "
    "masked language modeling, named entity recognition, natural language inference, negative prompt, "
    "object detection, optical character recognition, part of speech, pos tagging, question answering, "
    "reinforcement learning, semantic search, semantic segmentation, sentence embeddings, sentence similarity, "
    "sentence transformers, sentiment analysis, sequence classification, speech enhancement, speech recognition, "
    "speech to text, stable diffusion, summarization, super resolution, tabular data, text classification, "
    "text generation, text to 3d, text to image, text to speech, text to video, text2text generation, "
    "textual inversion, token classification, visual question answering, voice activity detection, "
    "zero shot classification"
)
ANYWHERE = frozenset(_ANYWHERE.split(", "))
"""Phrases that say something wherever in the prose they stand; the others only in the title and the lead."""
