"""Letters leave through a real mail server of the test's own; one that is not taken is tried again, and goes once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from actions import mailing, work
from actions.console import open_desk
from actions.instance import Instance
from actions.mailing import WAITS, Letter
from actions.settings import Settings
from registry.store import outbox, tables
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import NOW

LETTER = Letter("Điểm chốt số 7", "Mục 12 mang mã băm ab.\n", ("checkpoint.json", '{"n": 7}'))


class Mailbox:
    """A mail server that keeps what it is given, and refuses as long as it is told to."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 later"
        self.came.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def mailbox(instance: Instance) -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    before = instance.settings
    instance.settings = replace(before, smtp=f"smtp://127.0.0.1:{port}", mail_from="Báo cáo <bao-cao@daklak.example>")
    yield box
    instance.settings = before
    server.stop()


def post(instance: Instance, key: str = "checkpoint 7") -> None:
    with instance.store.write() as connection:
        mailing.post(instance, connection, "attt@skhcn.example", LETTER, key, NOW)


def send(instance: Instance) -> None:
    while work.run_one(instance, (mailing.MAIL,)):
        pass


@ON_SQLITE
def test_a_letter_goes_once_with_its_file_and_is_in_the_log(instance: Instance, mailbox: Mailbox) -> None:
    post(instance)
    post(instance)
    send(instance)
    mailing.resume(instance, NOW)
    send(instance)
    (came,) = mailbox.came
    assert (came["To"], came["Subject"]) == ("attt@skhcn.example", LETTER.subject)
    assert came["From"].addresses[0].display_name == "Báo cáo"
    assert came.get_body().get_content().splitlines() == LETTER.text.splitlines()
    (file,) = came.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("checkpoint.json", b'{"n": 7}')
    with instance.store.read() as connection:
        assert outbox.unsent(connection) == []
        (noted,) = connection.execute(select(tables.audit).where(tables.audit.c.action == "send mail")).all()
    assert noted.object == "message 1"


@ON_SQLITE
def test_a_letter_that_is_not_taken_is_tried_at_growing_intervals_and_given_up(
    instance: Instance, mailbox: Mailbox
) -> None:
    mailbox.refuses = True
    post(instance)
    desk = open_desk(instance, None)
    for wait in WAITS:
        assert mailing.send(desk, 1) == {"sent": False, "error": "SMTPDataError"}
        with instance.store.read() as connection:
            newest = connection.execute(select(tables.job).order_by(tables.job.c.id.desc())).first()
        assert newest is not None
        assert newest.run_at - desk.moment == wait
    assert mailing.undelivered(instance) == mailing.Undelivered("127.0.0.1", 1, 0)
    mailing.send(desk, 1)
    assert mailing.undelivered(instance) == mailing.Undelivered("127.0.0.1", 0, 1)
    assert "không được sau 6 lần" in mailing.sentence(mailing.undelivered(instance))
    mailbox.refuses = False
    mailing.resume(instance, NOW + timedelta(days=3))
    assert mailing.send(desk, 1) == {"sent": True}
    assert mailing.send(desk, 1) == {"sent": False}
    assert len(mailbox.came) == 1


@ON_SQLITE
def test_without_a_mail_server_letters_wait(instance: Instance) -> None:
    post(instance)
    send(instance)
    assert mailing.undelivered(instance) == mailing.Undelivered("", 1, 0)
    assert not mailing.undelivered(instance).is_good


@ON_SQLITE
def test_a_server_elsewhere_must_speak_tls(
    instance: Instance, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test's server offers no STARTTLS; taken for one elsewhere, it is given neither letter nor password."""
    monkeypatch.setattr(mailing, "_is_here", lambda _: False)
    post(instance)
    assert mailing.send(open_desk(instance, None), 1) == {"sent": False, "error": "SMTPNotSupportedError"}
    assert mailbox.came == []


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"BAOCAO_SMTP_URL": "mail.daklak.gov.vn", "BAOCAO_MAIL_FROM": "a@b.vn"}, "BAOCAO_SMTP_URL"),
        ({"BAOCAO_SMTP_URL": "smtps://mail.daklak.gov.vn"}, "BAOCAO_MAIL_FROM"),
    ],
)
def test_half_a_setting_is_refused_at_the_start(variables: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Settings.read(variables)


def test_a_subject_cannot_add_a_header() -> None:
    body = {"subject": "a\nBcc: x@y.vn", "text": ""}
    with pytest.raises(ValueError, match="linefeed"):
        mailing.as_mail(outbox.Message(1, "mail", "a@b.vn", body, "k", 0, NOW, None), "c@d.vn")
