"""Signed mail is read, encrypted mail is labelled and kept, and nobody posts ciphertext as a customer's words."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.mime import read
from adapters.mail.protection import signed_content, without_armour

HEAD = b"From: a@cust.example\nTo: support@shop.example\nSubject: t\nMessage-ID: <1@cust.example>\nMIME-Version: 1.0\n"
# Made for this test with openssl cms (a throw-away key, no certificate within): definite and indefinite lengths.
DEFINITE = base64.b64decode(
    "MIIB8QYJKoZIhvcNAQcCoIIB4jCCAd4CAQExDTALBglghkgBZQMEAgEwSwYJKoZIhvcNAQcBoD4EPENvbnRlbnQtVHlwZTogdGV4dC9wbGFpbjsgY2hhcnNldD11dGYtOA0KDQrlkIjlkIzlt7Lnrb7jgIINCjGCAXswggF3AgEBMCkwETEPMA0GA1UEAwwGc2FtcGxlAhQXSvzRZg7SesPu05w3a8mw/acZ/jALBglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTIyMDUzMTI4WjAvBgkqhkiG9w0BCQQxIgQgtAwr0e4oX3xvpZSs9p3IG3BIciluIpHokFzL7b6mXYsweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIERzBFAiEAvm6Wl58Dr3vgMdVNwO7hbN8Dq/4+9p8aLBZMMMWILeYCIFsvl2ZSnHjF4Ypm/nwa36a9StGQFmzsAYvN4Kn6sAEP"
)
STREAMED = base64.b64decode(
    "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgAQ8Q29udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNCuWQiOWQjOW3suetvuOAgg0KAAAAAAAAMYIBejCCAXYCAQEwKTARMQ8wDQYDVQQDDAZzYW1wbGUCFBdK/NFmDtJ6w+7TnDdrybD9pxn+MAsGCWCGSAFlAwQCAaCB5DAYBgkqhkiG9w0BCQMxCwYJKoZIhvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMjIwNTMxMjhaMC8GCSqGSIb3DQEJBDEiBCC0DCvR7ihffG+llKz2ncgbcEhyKW4ikeiQXMvtvqZdizB5BgkqhkiG9w0BCQ8xbDBqMAsGCWCGSAFlAwQBKjALBglghkgBZQMEARYwCwYJYIZIAWUDBAECMAoGCCqGSIb3DQMHMA4GCCqGSIb3DQMCAgIAgDANBggqhkiG9w0DAgIBQDAHBgUrDgMCBzANBggqhkiG9w0DAgIBKDAKBggqhkjOPQQDAgRGMEQCIAI+AnTAfJtl7jJTFg04MQppwfA9SiWA/KsUbKCbNO9jAiBvy7UMXch1rBKTjTEFrgB8uKxi5rK1MjGsRAIuDi2OmwAAAAAAAA=="
)
SEALED = base64.b64decode(
    "MIIBTgYJKoZIhvcNAQcDoIIBPzCCATsCAQIxgdChgc0CAQOgUaFPMAkGByqGSM49AgEDQgAEhR1uTAdu/sOWiCIapiwvAPxZ24E5yhtVaCJc4CUspernx8gqmc11rFIJB97hNZLxZ34yiUVOwSwkYkrDauzEZjAcBgkrgQUQhkg/AAIwDwYLKoZIhvcNAQkQAwYFADBXMFUwKTARMQ8wDQYDVQQDDAZzYW1wbGUCFBdK/NFmDtJ6w+7TnDdrybD9pxn+BCjc5AOekNuIjdOVbFEfoD4/BDMK8/TCoAa+VM5kxE0786c66M5vShkDMGMGCSqGSIb3DQEHATAUBggqhkiG9w0DBwQILpzzHR9VpZ+AQG93Ccn2G9VwbzR475cFMjb9Mr/KUBm0XjZDQG4qNqkN5CRRzCSOvhY6OEASC6qT7sHfgB6NUBkdETkdTLhKUt0="
)


def smime(content: bytes, kind: str = "signed-data") -> bytes:
    head = f'Content-Type: application/pkcs7-mime; smime-type={kind}; name="smime.p7m"\nContent-Transfer-Encoding: base64\n\n'
    return HEAD + head.encode() + base64.encodebytes(content)


@pytest.mark.parametrize("content", [DEFINITE, STREAMED])
def test_an_opaque_signature_is_opened_and_kept(content: bytes) -> None:
    mail = read(smime(content))
    assert mail.text == "合同已签。"
    assert mail.labels == ("signed",)
    assert [(it.name, it.inline) for it in mail.files] == [("smime.p7m", True)]
    assert mail.files[0].content == content


def test_a_sealed_mail_is_labelled_by_what_it_is_not_by_what_it_says() -> None:
    mail = read(smime(SEALED, "signed-data"))
    assert mail.labels == ("encrypted",)
    assert mail.text == ""
    assert [it.name for it in mail.files] == ["smime.p7m"]


def test_pgp_mime_leaves_no_ciphertext_in_the_text() -> None:
    body = (
        b"Content-Type: multipart/encrypted; protocol=application/pgp-encrypted; boundary=b\n\n--b\n"
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n"
        b"-----BEGIN PGP MESSAGE-----\n\nabc=\n-----END PGP MESSAGE-----\n--b--\n"
    )
    mail = read(HEAD + body)
    assert (mail.text, mail.labels) == ("", ("encrypted",))
    assert len(mail.files) == 2


def test_a_detached_signature_is_hidden_and_the_text_read() -> None:
    body = (
        b"Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n"
        b"Content-Type: application/pgp-signature; name=signature.asc\n\nx\n--b--\n"
    )
    mail = read(HEAD + body)
    assert (mail.text, mail.labels) == ("hello", ("signed",))
    assert [(it.name, it.inline) for it in mail.files] == [("signature.asc", True)]


def test_armour_within_the_text_is_taken_off() -> None:
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nplease refund\n- -- \nAnna\n"
        "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    )
    mail = read(HEAD + b"Content-Type: text/plain\n\n" + signed.encode())
    assert mail.text == "please refund\n--\nAnna"
    assert mail.labels == ("signed",)


def test_words_around_a_sealed_block_stay_and_the_block_becomes_a_file() -> None:
    sealed = "see below\n-----BEGIN PGP MESSAGE-----\n\nabc=\n-----END PGP MESSAGE-----\n"
    mail = read(HEAD + b"Content-Type: text/plain\n\n" + sealed.encode())
    assert mail.text == "see below"
    assert mail.labels == ("encrypted",)
    assert [it.name for it in mail.files] == ["message.asc"]
    assert mail.files[0].content.startswith(b"-----BEGIN PGP MESSAGE")


def test_who_only_writes_about_armour_loses_nothing() -> None:
    text = "my program shows -----BEGIN PGP MESSAGE----- and stops"
    assert without_armour(text) == (text, [])


@given(st.binary(max_size=200), st.integers(0, 400), st.binary(max_size=4))
def test_broken_signatures_end_in_nothing_never_in_a_crash(junk: bytes, at: int, patch: bytes) -> None:
    signed_content(junk)
    signed_content(STREAMED[:at] + patch + STREAMED[at + len(patch) :])
