import pytest
from aiohttp import FormData

from adapters.contract import NotStored
from tests.unit.adapters.webchat.client import Chat, Open

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


def form(content: bytes, name: str = "照片.png", field: str = "file") -> FormData:
    data = FormData(quote_fields=False)
    data.add_field(field, content, filename=name, content_type="text/html")
    return data


async def upload(chat: Chat, token: str, data: object) -> tuple[int, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with chat.http.post("/chat/v1/attachments", data=data, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_photo_is_stored_and_goes_with_a_message(chat: Chat) -> None:
    token, visitor = await chat.visitor()
    status, body = await upload(chat, token, form(PNG))
    assert (status, body) == (201, {"id": "blob1", "name": "照片.png", "media_type": "image/png"})
    stored = chat.context.blobs["blob1"]
    assert (stored.thread, stored.content) == (visitor, PNG)

    assert (await chat.post(token, {"id": "m1", "attachments": ["blob1"]}))[0] == 202
    (file,) = chat.context.delivered[0].attachments
    assert (file.blob, file.name, file.media_type, file.size) == ("blob1", "照片.png", "image/png", len(PNG))


async def test_a_file_is_given_to_its_own_visitor_alone(chat: Chat) -> None:
    token, _ = await chat.visitor()
    stranger, _ = await chat.visitor()
    await upload(chat, token, form(PNG))
    path = "/chat/v1/attachments/blob1"
    async with chat.http.get(path, headers={"Authorization": f"Bearer {token}"}) as answer:
        assert await answer.read() == PNG
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''%E7%85%A7")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    async with chat.http.get(path, headers={"Authorization": f"Bearer {stranger}"}) as answer:
        assert answer.status == 404
    assert (await chat.post(stranger, {"id": "m1", "attachments": ["blob1"]}))[0] == 422


async def test_a_page_of_another_host_may_read_the_file_too(open_chat: Open) -> None:
    chat = await open_chat(origins=["https://shop.example"])
    token, _ = await chat.visitor()
    await upload(chat, token, form(PNG))
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://shop.example"}
    async with chat.http.get("/chat/v1/attachments/blob1", headers=headers) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


async def test_a_document_is_always_a_download(chat: Chat) -> None:
    token, _ = await chat.visitor()
    await upload(chat, token, form(b"%PDF-1.7", "a.pdf"))
    headers = {"Authorization": f"Bearer {token}"}
    async with chat.http.get("/chat/v1/attachments/blob1", headers=headers) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.svg", b"<svg/>"), ("a.png", b"<html>"), ("a.exe", b"MZ"), ("a.png", b""), ("noending", PNG)],
)
async def test_a_file_that_is_not_what_it_says_is_refused(chat: Chat, name: str, content: bytes) -> None:
    token, _ = await chat.visitor()
    status, problem = await upload(chat, token, form(content, name))
    assert (status, problem["code"]) == (415, "file-type")
    assert chat.context.blobs == {}


async def test_a_file_that_is_too_big_is_stopped_on_its_way(open_chat: Open) -> None:
    chat = await open_chat(attachments={"max_bytes": 100_000})
    token, _ = await chat.visitor()
    assert (await upload(chat, token, form(PNG + b"x" * 200_000)))[0] == 413
    assert (await upload(chat, token, form(PNG + b"x" * 101_000)))[0] == 413
    assert (await upload(chat, token, form(PNG + b"x" * (100_000 - len(PNG)))))[0] == 201
    assert len(chat.context.blobs) == 1


@pytest.mark.parametrize("data", [b"", {"file": "no file"}, form(PNG, field="other")])
async def test_an_upload_out_of_shape_is_refused(chat: Chat, data: object) -> None:
    token, _ = await chat.visitor()
    status, problem = await upload(chat, token, data)
    assert (status, problem["code"]) == (400, "bad-upload")


async def test_a_file_the_disk_will_not_have_is_not_acknowledged(chat: Chat) -> None:
    token, _ = await chat.visitor()
    chat.context.fail_next(NotStored("full"))
    assert (await upload(chat, token, form(PNG)))[0] == 503


async def test_a_house_that_takes_no_files_refuses_all(open_chat: Open) -> None:
    chat = await open_chat(attachments={"max_files": 0})
    token, _ = await chat.visitor()
    assert (await upload(chat, token, form(PNG)))[0] == 415


async def test_uploads_have_a_limit_of_their_own(open_chat: Open) -> None:
    chat = await open_chat(flood={"uploads": 2, "uploads_window": "10m"})
    token, _ = await chat.visitor()
    assert [(await upload(chat, token, form(PNG)))[0] for _ in range(3)] == [201, 201, 429]


@pytest.mark.parametrize("wanted", ["nothing", "..%2Fsecret", "a" * 200, "%00"])
async def test_a_file_that_is_not_there_is_not_found(chat: Chat, wanted: str) -> None:
    token, _ = await chat.visitor()
    headers = {"Authorization": f"Bearer {token}"}
    async with chat.http.get(f"/chat/v1/attachments/{wanted}", headers=headers) as answer:
        assert answer.status == 404
