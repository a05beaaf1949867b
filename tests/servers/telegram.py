"""A Bot API server on localhost: what Telegram does, as far as this gateway can see it, and what may go wrong.

It keeps updates until a higher offset is asked for, lets a poll wait, refuses what Telegram refuses (too long
a text, markup it cannot read, a second poller), records every call, and fails on demand.
"""

import asyncio
import io
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Literal, Self

import aiohttp
from aiohttp import web

TOKEN = "424242:sample-token-of-the-test-server"
DAY = 1_700_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it came: the method's name in lower case, its parameters, the files with it."""

    method: str
    params: Mapping[str, Any]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a scripted call gets instead of its result; ``hang`` never answers, ``drop`` cuts the line."""

    status: int = 200
    body: bytes = b""
    kind: Literal["answer", "hang", "drop"] = "answer"
    does_it: bool = False
    """Whether the call has its effect all the same: the answer was lost, not the request."""


def failure(status: int, description: str, **parameters: Any) -> Answer:
    """Return a refusal in the Bot API's own form."""
    says: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        says["parameters"] = parameters
    return Answer(status=status, body=json.dumps(says).encode())


class BotApi:
    """The server; use it as ``async with BotApi() as api`` and point a bot at ``api.base_url``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.pending: list[dict[str, Any]] = []
        self.confirmed: list[int] = []
        self.sent: dict[int, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.webhook: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        self.secret = ""
        self.base_url = self.base_file_url = ""
        self._scripts: defaultdict[str, deque[Answer | None]] = defaultdict(deque)
        self._next_update = 1000
        self._next_message = 1
        self._polls = 0
        self._changed = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=100 * 1024 * 1024)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.router.add_post("/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/bot"
        self.base_file_url = f"http://127.0.0.1:{port}/file/bot"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Be gone: whoever calls now finds nobody listening."""
        self._stopping.set()
        await self._tell()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # --- what a test does -----------------------------------------------------------------------

    def script(self, method: str, *answers: Answer | None) -> None:
        """Have the next calls of ``method`` get these answers, in order; None lets one go its usual way."""
        self._scripts[method.lower()].extend(answers)

    async def say(self, text: str, *, chat: int = 1001, **fields: Any) -> dict[str, Any]:
        """Have a customer write ``text`` in a private chat."""
        return await self.update("message", self.message(chat, text=text, **fields))

    async def tap(self, data: str, *, chat: int = 1001, message: int = 1) -> dict[str, Any]:
        """Have a customer tap a button."""
        return await self.update("callback_query", {
            "id": f"q{self._next_update}", "from": person(chat), "chat_instance": "1", "data": data,
            "message": {"message_id": message, "date": DAY, "chat": private(chat), "text": "?"},
        })  # fmt: skip

    def message(self, chat: int, **fields: Any) -> dict[str, Any]:
        """Return a new message of a private chat."""
        self._next_message += 1
        return {
            "message_id": self._next_message, "date": DAY, "from": person(chat), "chat": private(chat),
        } | fields  # fmt: skip

    async def update(self, kind: str, it: Mapping[str, Any]) -> dict[str, Any]:
        """Let an update be fetched, and return it."""
        self._next_update += 1
        update = {"update_id": self._next_update, kind: dict(it)}
        await self.again(update)
        return update

    async def again(self, *updates: dict[str, Any]) -> None:
        """Let updates be fetched (once more), in this order, whatever was confirmed."""
        self.pending.extend(updates)
        await self._tell()

    async def post_to_webhook(
        self, url: str, update: Mapping[str, Any], *, secret: str | None = None, body: bytes | None = None
    ) -> int:
        """Call the gateway's webhook as Telegram does, do what it asks for, and return the status."""
        header = self.secret if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": header, "Content-Type": "application/json"}
        async with aiohttp.ClientSession() as session:
            data = io.BytesIO(json.dumps(update).encode() if body is None else body)
            async with session.post(url, data=data, headers=headers) as response:
                said = await response.json() if response.status == 200 else {}
        if "method" in said:
            self._record(Call(method=said.pop("method").lower(), params=said))
        return response.status

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once ``holds()``, looked at after every call and every change."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(holds)

    def called(self, method: str) -> list[Call]:
        """Return the calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method.lower()]

    def copies(self) -> Counter[str]:
        """Return how often each text is in front of the customers."""
        return Counter(message["text"] for message in self.sent.values() if "text" in message)

    # --- what the server does -------------------------------------------------------------------

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _record(self, call: Call) -> None:
        self.calls.append(call)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return plain(failure(401, "Unauthorized"))
        try:
            call = await read_call(request)
        except ConnectionResetError:  # it died while it spoke: nothing was asked
            return web.Response(status=400)
        self._record(call)
        await self._tell()
        scripted = self._scripts[call.method].popleft() if self._scripts[call.method] else None
        if scripted is not None and not scripted.does_it:
            return await self._play(request, scripted)
        result = await self._do(call)
        if scripted is not None:
            return await self._play(request, scripted)
        return plain(result if isinstance(result, Answer) else done(result))

    async def _play(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if answer.kind == "hang":
            await self._stopping.wait()
        if answer.kind == "drop" and request.transport is not None:
            request.transport.close()
        return plain(answer)

    async def _do(self, call: Call) -> Any:
        match call.method:
            case "getme":
                return {"id": 424242, "is_bot": True, "first_name": "Sample", "username": "sample_bot"}
            case "getupdates":
                return await self._updates(call.params)
            case "setwebhook":
                self.webhook["url"], self.secret = call.params["url"], call.params.get("secret_token", "")
                return True
            case "deletewebhook":
                self.webhook["url"] = ""
                await self._tell()
                return True
            case "getwebhookinfo":
                return self.webhook
            case "answercallbackquery":
                return True
            case "getfile":
                return self._file(call.params["file_id"])
            case "sendmessage" | "senddocument" | "sendphoto" | "sendvoice":
                return await self._send(call)
            case "editmessagetext":
                return self._edit(call.params)
        return failure(404, "Not Found")

    async def _updates(self, params: Mapping[str, Any]) -> Any:
        if self.webhook["url"]:
            return failure(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        self._polls += 1
        mine = self._polls
        if (offset := params.get("offset")) is not None:
            past = [it["update_id"] for it in self.pending if it["update_id"] < int(offset)]
            self.confirmed += past
            self.pending = [it for it in self.pending if it["update_id"] >= int(offset)]
        await self._tell()
        try:
            async with asyncio.timeout(float(params.get("timeout", 0))), self._changed:
                await self._changed.wait_for(
                    lambda: bool(self.pending) or mine != self._polls or self._stopping.is_set()
                )
        except TimeoutError:
            return []
        if mine != self._polls:
            return failure(409, "Conflict: terminated by other getUpdates request")
        if not self.pending:  # woken because the server stops
            return []
        # Telegram hands over the lowest numbers first; inside one answer the order is that of coming.
        limit = int(params.get("limit", 100))
        highest = sorted(it["update_id"] for it in self.pending)[:limit][-1]
        return [it for it in self.pending if it["update_id"] <= highest][:limit]

    def _file(self, file_id: str) -> Any:
        if file_id not in self.files:
            return failure(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        if size > 20 * 1024 * 1024:
            return failure(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": f"f/{file_id}"}

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        self._record(Call(method="download", params=dict(request.match_info)))
        scripts = self._scripts["download"]
        if scripts and (scripted := scripts.popleft()) is not None:
            return await self._play(request, scripted)
        content = self.files.get(request.match_info["path"].removeprefix("f/"))
        return web.Response(body=content) if content is not None else plain(failure(404, "Not Found"))

    async def _send(self, call: Call) -> Any:
        chat = int(call.params["chat_id"])
        message: dict[str, Any] = {"date": DAY, "chat": private(chat), "from": person(424242)}
        if call.method == "sendmessage":
            shown = visible(str(call.params.get("text", "")), call.params.get("parse_mode"))
            if isinstance(shown, Answer):
                return shown
            message["text"] = shown
        else:
            for name, content in call.files.values():
                message["file"] = (name, content)
        message["buttons"] = buttons(call.params)
        self._next_message += 1
        message["message_id"] = self._next_message
        self.sent[self._next_message] = message
        await self._tell()
        return {key: value for key, value in message.items() if key not in ("file", "buttons")}

    def _edit(self, params: Mapping[str, Any]) -> Any:
        message = self.sent.get(int(params["message_id"]))
        if message is None:
            return failure(400, "Bad Request: message to edit not found")
        shown = visible(str(params["text"]), params.get("parse_mode"))
        if isinstance(shown, Answer):
            return shown
        if message["text"] == shown and message["buttons"] == buttons(params):
            return failure(400, "Bad Request: message is not modified")
        message |= {"text": shown, "buttons": buttons(params)}
        return {key: value for key, value in message.items() if key != "buttons"}


def person(id: int) -> dict[str, Any]:
    """Return a Telegram user."""
    return {
        "id": id,
        "is_bot": id == 424242,
        "first_name": "样",
        "last_name": "例",
        "language_code": "zh-hans",
    }


def private(id: int) -> dict[str, Any]:
    """Return a private chat."""
    return {"id": id, "type": "private", "first_name": "样", "last_name": "例"}


def done(result: Any) -> Answer:
    """Return the answer to a call that went well."""
    return Answer(body=json.dumps({"ok": True, "result": result}).encode())


def plain(answer: Answer) -> web.Response:
    """Return an answer as aiohttp's response."""
    return web.Response(status=answer.status, body=answer.body, content_type="application/json")


async def read_call(request: web.Request) -> Call:
    """Read a call's parameters, from a form or from multipart with files."""
    params: dict[str, Any] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        else:
            params[name] = value
    return Call(method=request.match_info["method"].lower(), params=params, files=files)


def buttons(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return (label, data) of each inline button of a call."""
    markup = json.loads(params.get("reply_markup") or "{}")
    rows = markup.get("inline_keyboard", [])
    return tuple((it["text"], it["callback_data"]) for row in rows for it in row)


def visible(text: str, parse_mode: object) -> str | Answer:
    """Return what a customer sees of a text, or Telegram's refusal."""
    if parse_mode == "HTML":
        reader = _Markup()
        reader.feed(text)
        reader.close()
        if reader.wrong or reader.open:
            return failure(400, f"Bad Request: can't parse entities: {reader.wrong or 'unclosed tag'}")
        text = "".join(reader.text)
    if not text.strip():
        return failure(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) > 2 * 4096:
        return failure(400, "Bad Request: message is too long")
    return text.strip()


class _Markup(HTMLParser):
    """Reads Telegram's HTML as strictly as Telegram: known tags only, properly nested."""

    TAGS = frozenset(
        [
            "b",
            "strong",
            "i",
            "em",
            "u",
            "ins",
            "s",
            "strike",
            "del",
            "a",
            "code",
            "pre",
            "blockquote",
            "tg-spoiler",
        ]
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.open: list[str] = []
        self.wrong = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.TAGS:
            self.wrong = f'unsupported start tag "{tag}"'
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong = f'unexpected end tag "{tag}"'

    def handle_data(self, data: str) -> None:
        self.text.append(data)
