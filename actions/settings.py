"""Settings of an instance, read once from ``BAOCAO_*`` (docs/operations.md lists them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from actions.pace import Limits
from workbook_templates.stamps import Stamp

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between instances; reading one raises ValueError for a word that is no setting."""

    root: Path  # BAOCAO_INSTANCE
    database_url: str  # BAOCAO_DATABASE_URL
    files_root: Path  # BAOCAO_FILES_URL (file:…)
    secrets_dir: Path  # BAOCAO_SECRETS_DIR
    port: int  # BAOCAO_PORT
    workers: int  # BAOCAO_WORKERS: reading children
    stamp: Stamp  # BAOCAO_STAMP: slots | redeflate | full
    demo: bool  # BAOCAO_DEMO: banner "bản dùng thử", second factor off
    second_factor: bool = True  # everywhere but in a demo
    checkpoints_dir: Path | None = None  # BAOCAO_CHECKPOINTS_DIR: a folder out of the server's reach, for checkpoints
    checkpoints_mail: str = ""  # BAOCAO_CHECKPOINTS_MAIL: who is sent them
    checkpoint_every: timedelta = timedelta(hours=1)  # BAOCAO_CHECKPOINT_MINUTES
    smtp: str = ""  # BAOCAO_SMTP_URL: smtp(s)://user:password@host:port, the mail server
    mail_from: str = ""  # BAOCAO_MAIL_FROM: whom letters come from
    public_url: str = ""  # BAOCAO_PUBLIC_URL: where people find the pages, in letters
    proxy: bool = False  # BAOCAO_PROXY: behind one reverse proxy, whose X-Forwarded headers are believed
    limits: Limits = field(default_factory=Limits)  # BAOCAO_LIMITS: requests a minute, of a person and of an address
    languages: tuple[str, ...] = ()  # BAOCAO_LANGUAGES: what pages may be read in beside Vietnamese
    take_back: timedelta = timedelta(hours=24)  # BAOCAO_TAKE_BACK_HOURS: how long an approval may be taken back
    upload_limit: int = 32 * MEGABYTE
    uploads_a_minute: int = 60

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """From the environment; relative paths are taken from the working folder."""
        root = Path(environment.get("BAOCAO_INSTANCE", "instance")).absolute()
        return cls(
            root=root,
            database_url=environment.get("BAOCAO_DATABASE_URL") or f"sqlite:///{root / 'baocao.db'}",
            files_root=Path(environment.get("BAOCAO_FILES_URL", "").removeprefix("file:") or root / "files"),
            secrets_dir=Path(environment.get("BAOCAO_SECRETS_DIR") or root / "secrets"),
            port=int(environment.get("BAOCAO_PORT", "8000")),
            workers=int(environment.get("BAOCAO_WORKERS", "1")),
            stamp=Stamp(environment.get("BAOCAO_STAMP") or Stamp.SLOTS),
            demo=(demo := environment.get("BAOCAO_DEMO", "") not in ("", "0")),
            second_factor=not demo,
            checkpoints_dir=Path(folder).absolute() if (folder := environment.get("BAOCAO_CHECKPOINTS_DIR")) else None,
            languages=tuple(environment.get("BAOCAO_LANGUAGES", "").replace(",", " ").split()),
            checkpoints_mail=environment.get("BAOCAO_CHECKPOINTS_MAIL", ""),
            checkpoint_every=timedelta(minutes=int(environment.get("BAOCAO_CHECKPOINT_MINUTES") or 60)),
            take_back=timedelta(hours=int(environment.get("BAOCAO_TAKE_BACK_HOURS") or 24)),
            smtp=_mail_server(environment),
            mail_from=environment.get("BAOCAO_MAIL_FROM", ""),
            public_url=_public(environment.get("BAOCAO_PUBLIC_URL", "")),
            proxy=environment.get("BAOCAO_PROXY", "") not in ("", "0"),
            limits=Limits.read(environment.get("BAOCAO_LIMITS", "")),
        )


def _public(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("BAOCAO_PUBLIC_URL")
    return url.rstrip("/")


def _mail_server(environment: Mapping[str, str]) -> str:
    url = environment.get("BAOCAO_SMTP_URL", "")
    if url and not url.startswith(("smtp://", "smtps://")):
        raise ValueError("BAOCAO_SMTP_URL")
    if url and "@" not in environment.get("BAOCAO_MAIL_FROM", ""):
        raise ValueError("BAOCAO_MAIL_FROM")
    return url
