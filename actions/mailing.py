"""Letters by SMTP: each waits in the outbox from the transaction it tells of until a mail server has taken it."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from actions.desk import Desk, say
from actions.instance import Instance
from registry.store import audit, jobs, outbox, people
from registry.store.engine import Connection
from registry.store.outbox import Message, New

log = logging.getLogger(__name__)

MAIL = "mail"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))  # after each attempt that failed
TRIES = len(WAITS) + 1
_SECONDS = 30  # a mail server that does not answer for so long has failed


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to somebody: plain text, perhaps one file of text with it."""

    subject: str
    text: str
    attachment: tuple[str, str] | None = None  # name, content

    @property
    def body(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        name, content = self.attachment or (None, None)
        return {"subject": self.subject, "text": self.text} | (
            {"attachment": {"name": name, "content": content}} if name else {}
        )


def post(instance: Instance, connection: Connection, to: str, letter: Letter, key: str, moment: datetime) -> None:
    """Have a letter sent once this transaction is done; one with the same key goes only once."""
    post_all(instance, connection, [New(to, letter.body, key)], moment)


def post_all(instance: Instance, connection: Connection, letters: Collection[New], moment: datetime) -> int:
    """Have several letters sent; how many there were not before. However many, it takes the same statements."""
    made = outbox.put_all(connection, MAIL, letters, moment)
    if made and instance.settings.smtp:
        by = people.put_operator(connection, say("operator"))
        jobs.enqueue_all(connection, MAIL, {_unique(one, 0): {"message": one} for one in made}, moment, by)
        instance.wake.set()
    return len(made)


def resume(instance: Instance, moment: datetime) -> None:
    """Try again what waits, also what was given up or written before a mail server was named."""
    if not instance.settings.smtp:
        return
    with instance.store.write() as connection:
        for one in outbox.unsent(connection):
            _queue(connection, one.id, one.tries, moment)


def send(desk: Desk, message_id: int) -> dict[str, Any]:
    """Hand a letter to the mail server; one that does not take it is asked again later, at growing intervals."""
    with desk.instance.store.read() as connection:
        message = outbox.get(connection, message_id)
    if message is None or message.sent_at is not None:
        return {"sent": False}
    settings = desk.instance.settings
    try:
        with _server(settings.smtp) as server:
            server.send_message(as_mail(message, settings.mail_from))
    except (OSError, smtplib.SMTPException) as error:
        log.warning("letter %s was not taken: %s", message.id, type(error).__name__)
        return _failed(desk, message, type(error).__name__)
    with desk.instance.store.write() as connection:
        outbox.note_sent(connection, message.id, desk.moment)
        _note(desk, connection, "send mail", message)
    return {"sent": True}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Letters that have not gone: still tried, and no longer; ``server`` is empty where none is named."""

    server: str
    waiting: int
    given_up: int

    @property
    def is_good(self) -> bool:
        """Nothing is stuck."""
        return not self.given_up and not (self.waiting and not self.server)


def undelivered(instance: Instance) -> Undelivered:
    """What stands in the outbox."""
    with instance.store.read() as connection:
        waits = [one.tries < TRIES for one in outbox.unsent(connection)]
    return Undelivered(urlsplit(instance.settings.smtp).hostname or "", sum(waits), waits.count(False))


def sentence(found: Undelivered) -> str:
    """What the operator reads of it."""
    if not found.server:
        return say("mail.no-server", waiting=found.waiting) if found.waiting else say("mail.none")
    state = "given-up" if found.given_up else "waiting" if found.waiting else "good"
    return say(f"mail.{state}", server=found.server, given_up=found.given_up, waiting=found.waiting, times=TRIES)


def as_mail(message: Message, sender: str) -> EmailMessage:
    """The letter in the form of RFC 5322; sent twice it has the same Message-ID, by which a mailbox knows it again."""
    mail = EmailMessage()
    domain = parseaddr(sender)[1].rpartition("@")[2]
    mail["From"], mail["To"], mail["Subject"] = sender, message.to, message.body["subject"]
    mail["Date"] = format_datetime(message.queued_at)
    mail["Message-ID"] = f"<{sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body["text"])
    if attachment := message.body.get("attachment"):
        mail.add_attachment(attachment["content"].encode(), "application", "json", filename=attachment["name"])
    return mail


def _queue(connection: Connection, message_id: int, tries: int, at: datetime) -> None:
    by = people.put_operator(connection, say("operator"))
    jobs.enqueue(connection, MAIL, {"message": message_id}, at, unique_key=_unique(message_id, tries), by_id=by)


def _unique(message_id: int, tries: int) -> str:
    return f"{MAIL} {message_id} {tries}"


def _failed(desk: Desk, message: Message, why: str) -> dict[str, Any]:
    with desk.instance.store.write() as connection:
        outbox.note_failed(connection, message.id)
        if message.tries < len(WAITS):
            _queue(connection, message.id, message.tries + 1, desk.moment + WAITS[message.tries])
        else:
            _note(desk, connection, "give up mail", message)
    return {"sent": False, "error": why}


def _note(desk: Desk, connection: Connection, action: str, message: Message) -> None:
    about = {"to": message.to, "subject": message.body["subject"]}
    audit.append(connection, desk.moment, people.OPERATOR, action, f"message {message.id}", about)


def _server(url: str) -> smtplib.SMTP:
    """Connected, over TLS and signed in.

    ``smtps://`` speaks TLS from the first byte, ``smtp://`` turns to it (STARTTLS) unless the server is this machine.
    """
    place = urlsplit(url)
    host, context = place.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if place.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, place.port or 465, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, place.port or 25, timeout=_SECONDS)
    try:
        if place.scheme == "smtp" and not _is_here(host):
            server.starttls(context=context)
        if place.username:
            server.login(unquote(place.username), unquote(place.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
