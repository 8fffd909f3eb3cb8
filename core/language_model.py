"""The door to language models: chat completions with tools over HTTP, as a smolagents `Model`.

One request at a time for each caller, in the thread of the caller; many threads may ask one model side by side. The
retries, deadlines and limits are ours: the libraries wait minutes and cannot be cancelled. Answers are not streamed,
because an agent acts on whole calls only, and because a recorded answer is then one readable body.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import ClientSession
from smolagents.models import (
    REMOVE_PARAMETER,
    ChatMessage,
    ChatMessageToolCall,
    ChatMessageToolCallFunction,
    MessageRole,
    Model,
)
from smolagents.monitoring import TokenUsage

from core.chat_answers import Answer, Called, calls_in_text, read_answer, refusal
from core.chat_endpoint import Endpoint, Interruptible, NotConnected, Reply
from core.errors import Failure, ModelBroken, ModelBusy, ModelRefused, Unreachable
from core.meter import PRICES, Meter, Price, Usage, priced
from core.model_spec import ModelSpec
from core.nouns import Frozen
from core.tracing import Exchange, Watch

IMAGE_TOKENS = 1_500
"""What a picture in a request is reckoned at; the endpoint's own count is what is settled."""


class Patience(Frozen):
    """How long and how often a model is asked before it is given up."""

    request: float = 180.0
    """Seconds for one answer."""
    total: float = 600.0
    """Seconds for one question with all its retries and waits."""
    attempts: int = 4
    wait: float = 60.0
    """The longest wait that an endpoint may ask for; one that asks for more is given up at once."""
    pause: float = 1.0
    """Seconds before the second attempt, doubled before each further one, where the endpoint asks for nothing."""


PATIENCE = Patience()

_WILLING = {"tool_choice": "auto"}
"""Not every endpoint takes smolagents' "required", and an answer in words is understood too."""


def _silent(line: str) -> None:
    """For whoever does not want to know of retries."""


class LanguageModel(Model):  # type: ignore[misc]  # smolagents is untyped
    """The model that a spec names. Built for one run, because it is asked with one person's token and can be cancelled.

    `parameters` go into each request as they are: `temperature=0`. `notice` is told in one line of each retry,
    `watch` of every exchange.
    """

    def __init__(
        self,
        spec: ModelSpec,
        *,
        secret: str | None = None,
        bill_to: str | None = None,
        meter: Meter | None = None,
        price: Price | None = None,
        patience: Patience = PATIENCE,
        answer_tokens: int = 8_192,
        notice: Callable[[str], None] = _silent,
        watch: Watch | None = None,
        **parameters: Any,
    ) -> None:
        if spec.base_url is None:
            raise ModelRefused("'catalogue' plans without a language model, so there is nobody to ask")
        if spec.kind == "hf" and not secret:
            raise ModelRefused(
                f"{spec} wants a Hugging Face token: set HF_TOKEN, or SPACEWRIGHT_MODEL_KEY beside --local"
            )
        # Words of smolagents' own history as stop sequences would cut a file that contains them.
        super().__init__(model_id=spec.model, **{"stop": REMOVE_PARAMETER, **parameters})
        self.spec = spec
        self.meter = meter or Meter()
        self.patience = patience
        self.answer_tokens = answer_tokens
        self._price = price or PRICES.get(spec.id)
        self._notice = notice
        self._watch = watch
        self._limit_name = "max_tokens"
        self._endpoint = Endpoint(spec, secret, bill_to)
        self._work = Interruptible()

    def generate(
        self,
        messages: list[ChatMessage],
        stop_sequences: list[str] | None = None,
        response_format: dict[str, str] | None = None,
        tools_to_call_from: list[Any] | None = None,
        **more: Any,
    ) -> ChatMessage:
        """One answer. Blocks; call it in a thread. Raises a Failure of one line, Cancelled after `cancel()`."""
        tools = tools_to_call_from or []
        body = self._prepare_completion_kwargs(
            messages, stop_sequences, response_format, tools, convert_images_to_image_urls=True, **_WILLING | more
        )
        body = {"model": self.model_id, **body, "messages": [_plain(message) for message in body["messages"]]}
        answer, usage = self._work.do(lambda: self._answer(body))
        calls = answer.calls or calls_in_text(answer.text or "", [tool.name for tool in tools])
        return ChatMessage(
            role=MessageRole.ASSISTANT,
            content=answer.text,
            tool_calls=[_call(call) for call in calls] or None,
            raw={"finish_reason": answer.finish},
            token_usage=TokenUsage(usage.tokens_in, usage.tokens_out),
        )

    def parse_tool_calls(self, message: ChatMessage) -> ChatMessage:
        """Calls in words were found already, so there is none; the agent shows this to the model."""
        if message.tool_calls:
            return message
        raise ValueError("the answer calls no tool; answer with a call of one of the tools, final_answer at the end")

    def cancel(self) -> None:
        """Close every connection, now and for ever. May be called from any thread, and more than once."""
        self._work.stop()

    async def _answer(self, body: dict[str, Any]) -> tuple[Answer, Usage]:
        """Ask until there is an answer or the patience is over."""
        over = time.monotonic() + self.patience.total
        async with self._endpoint.session() as http:
            for attempt in range(1, self.patience.attempts + 1):
                try:
                    return await self._ask(http, body, over)
                except (ModelBusy, ModelBroken, Unreachable) as failure:
                    pause = self._pause(failure, attempt, over - time.monotonic())
                    self._notice(f"{failure}; asking again in {pause:.0f} s")
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt answers or raises")

    def _pause(self, failure: Failure, attempt: int, left: float) -> float:
        """Seconds before the next attempt. Raises the failure when there is none."""
        if isinstance(failure, NotConnected) and self.spec.local:
            raise failure
        patience = self.patience
        asked = failure.retry_after
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads callers, keeps no secret
        pause = min(patience.pause * 2 ** (attempt - 1), patience.wait) * jitter if asked is None else asked
        if asked is not None and asked > patience.wait:
            raise type(failure)(f"{failure}; it wants {asked:,.0f} s of patience: come back then", asked) from failure
        if attempt == patience.attempts or pause >= left:
            tries = "once" if attempt == 1 else f"{attempt} times"
            raise type(failure)(f"{failure}; asked {tries}: try later or another model", asked) from failure
        return pause

    async def _ask(self, http: ClientSession, body: dict[str, Any], over: float) -> tuple[Answer, Usage]:
        """One request, with the name for the limit of an answer that this endpoint knows."""
        try:
            return await self._paid(http, body, over)
        except ModelRefused as failure:
            if self._limit_name != "max_tokens" or "max_completion_tokens" not in str(failure):
                raise
            self._limit_name = "max_completion_tokens"
        return await self._paid(http, body, over)

    async def _paid(self, http: ClientSession, body: dict[str, Any], over: float) -> tuple[Answer, Usage]:
        whole = {self._limit_name: self.answer_tokens, **body}
        data = json.dumps(whole, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        most = int(body.get(self._limit_name) or self.answer_tokens)
        heard = reckoned(body)
        reserved = priced(heard, most, self._price)
        self.meter.reserve(reserved)
        # Whoever breaks off has read the question, and may want to be paid for it.
        used, reply, began = priced(heard, 0, self._price), None, time.time()
        try:
            reply = await self._endpoint.ask(http, data, min(self.patience.request, over - time.monotonic()))
            if reply.status != 200:
                used = Usage()
                raise refusal(self.spec, reply.status, reply.headers, reply.body)
            answer = read_answer(self.spec, reply.body)
            used = self._used(answer, heard)
            if answer.text is None and not answer.calls:
                raise ModelBroken(f"{self.model_id} gave an empty answer (it stopped for '{answer.finish}')")
        except NotConnected:
            used = Usage()
            raise
        finally:
            self.meter.settle(reserved, used)
            self._show(data, reply, began, used)
        return answer, used

    def _show(self, question: bytes, reply: Reply | None, began: float, used: Usage) -> None:
        if self._watch is None:
            return
        told = (reply.status, reply.body) if reply else None
        self._watch(Exchange.over(self.spec.model, self.spec.base_url, began, question, told, used))

    def _used(self, answer: Answer, heard: int) -> Usage:
        """By the endpoint's own count, or reckoned where it keeps none."""
        said = len(answer.text or "") // 4 + sum(len(str(call.arguments)) // 4 + 10 for call in answer.calls)
        tokens_in = heard if answer.tokens_in is None else answer.tokens_in
        tokens_out = said if answer.tokens_out is None else answer.tokens_out
        return priced(tokens_in, tokens_out, self._price, answer.dollars)


def reckoned(body: Mapping[str, Any]) -> int:
    """About how many tokens a request is, rather too many than too few."""
    text, pictures = len(json.dumps(body.get("tools", []))), 0
    for message in body["messages"]:
        content = message["content"]
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content or []:
            text += len(part.get("text", "").encode("utf-8", "replace")) + 20
            pictures += part["type"] != "text"
    return text // 3 + pictures * IMAGE_TOKENS


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    """Text as a string: servers exist that take nothing else, and a recorded question is easier to read."""
    content = message["content"]
    if isinstance(content, list) and all(part["type"] == "text" for part in content):
        content = "\n".join(part["text"] for part in content)
    return {**message, "role": str(getattr(message["role"], "value", message["role"])), "content": content}


def _call(call: Called) -> ChatMessageToolCall:
    function = ChatMessageToolCallFunction(arguments=call.arguments, name=call.name)
    return ChatMessageToolCall(function=function, id=call.id, type="function")
