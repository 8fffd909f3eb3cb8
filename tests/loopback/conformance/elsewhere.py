"""What huggingface_hub can do that is no part of the local Hub: why, and what it answers when asked all the same."""

from collections.abc import Callable
from typing import Any

from huggingface_hub import HfApi

Ask = Callable[[HfApi], Any]

SLUG = "local/things-0123456789abcdef01234567"

NOT_HERE: dict[str, Ask] = {
    "list_collections": lambda api: list(api.list_collections(owner="local")),
    "get_collection": lambda api: api.get_collection(SLUG),
    "create_collection": lambda api: api.create_collection("Things", namespace="local"),
    "update_collection_metadata": lambda api: api.update_collection_metadata(SLUG, title="New"),
    "update_collection_resource_group": lambda api: api.update_collection_resource_group(SLUG, "0" * 24),
    "delete_collection": lambda api: api.delete_collection(SLUG),
    "add_collection_item": lambda api: api.add_collection_item(SLUG, "local/tiny", "model"),
    "update_collection_item": lambda api: api.update_collection_item(SLUG, "0" * 24, note="New"),
    "delete_collection_item": lambda api: api.delete_collection_item(SLUG, "0" * 24),
    "list_papers": lambda api: list(api.list_papers(query="attention")),
    "list_daily_papers": lambda api: list(api.list_daily_papers()),
    "paper_info": lambda api: api.paper_info("1706.03762"),
    "list_webhooks": lambda api: api.list_webhooks(),
    "get_webhook": lambda api: api.get_webhook("1"),
    "create_webhook": lambda api: api.create_webhook(
        url="http://127.0.0.1/", watched=[{"type": "user", "name": "local"}]
    ),
    "update_webhook": lambda api: api.update_webhook("1", url="http://127.0.0.1/"),
    "enable_webhook": lambda api: api.enable_webhook("1"),
    "disable_webhook": lambda api: api.disable_webhook("1"),
    "delete_webhook": lambda api: api.delete_webhook("1"),
    "kernel_info": lambda api: api.kernel_info("local/kernel"),
    "get_dataset_leaderboard": lambda api: api.get_dataset_leaderboard("local/rows"),
}
"""Collections, papers, webhooks, kernels and leaderboards: the answer says that they are not here."""

OTHER_HOSTS = "inference endpoints are a service of their own at another address, which HF_ENDPOINT does not lead to"

OUTSIDE: dict[str, str] = {
    "run_as_future": "a thread of the caller's: no request",
    "list_dataset_parquet_files": "the client itself refuses to ask any Hub but https://huggingface.co",
    "create_inference_endpoint": OTHER_HOSTS,
    "create_inference_endpoint_from_catalog": OTHER_HOSTS,
    "delete_inference_endpoint": OTHER_HOSTS,
    "get_inference_endpoint": OTHER_HOSTS,
    "list_inference_catalog": OTHER_HOSTS,
    "list_inference_endpoints": OTHER_HOSTS,
    "list_inference_endpoints_hardware": OTHER_HOSTS,
    "pause_inference_endpoint": OTHER_HOSTS,
    "resume_inference_endpoint": OTHER_HOSTS,
    "scale_to_zero_inference_endpoint": OTHER_HOSTS,
    "update_inference_endpoint": OTHER_HOSTS,
}

COMMANDS: dict[str, str] = {
    "collections": "collections are no part of the local Hub",
    "endpoints": OTHER_HOSTS,
    "extensions": "they are installed from GitHub",
    "lfs-enable-largefiles": "for git, which the local Hub does not speak",
    "lfs-multipart-upload": "for git, which the local Hub does not speak",
    "papers": "papers are no part of the local Hub",
    "sandbox": "it needs a server program that only the real Hub hands out",
    "skills": "they are fetched from GitHub",
    "update": "it asks the package index",
    "webhooks": "webhooks are no part of the local Hub",
    "datasets leaderboard": "leaderboards are no part of the local Hub",
    "datasets parquet": "the data set viewer is no part of the local Hub",
    "datasets sql": "it needs DuckDB and the data set viewer",
    "jobs ssh": "it opens a terminal by ssh",
    "spaces ssh": "it opens a terminal by ssh",
    "spaces hot-reload": "it opens an editor",
}
"""Of `hf`, by the first words of a command."""
