"""The workbook of new accounts (danh sách tài khoản): its one sheet, and everything wrong with its rows at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from registry.catalogue import codec as c
from registry.catalogue.codec import nearest
from registry.catalogue.model import Role
from registry.catalogue.places import Places
from registry.catalogue.sheets import ROLE_WORDS, Field, Sheet
from registry.findings import Finding, finding
from vietnamese.fold import fold

MOST = 2_000  # accounts at once
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38}[a-z0-9])")
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_PHONE = re.compile(r"[+(0-9][0-9 .()-]{6,30}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One row: a person, the unit, what the person does there. An empty login is to be made from the name."""

    name: str
    unit: str  # code
    roles: tuple[Role, ...]
    position: str = ""
    phone: str = ""
    email: str = ""
    login: str = ""


SHEET = Sheet(
    "Tài khoản",
    "accounts",
    NewAccount,
    (),
    (
        Field("họ tên", "name", c.text_up_to(200), required=True, width=28),
        Field("mã đơn vị", "unit", c.TEXT, required=True, width=12),
        Field("vai trò", "roles", c.listed(ROLE_WORDS), required=True, blank=(), width=34),
        Field("chức vụ", "position", c.text_up_to(200), blank="", width=28),
        Field("điện thoại", "phone", c.text_up_to(40), blank="", width=16),
        Field("thư điện tử", "email", c.text_up_to(200), blank="", width=28),
        Field("tên đăng nhập", "login", c.TEXT, blank="", width=20),
    ),
)
"""The one sheet of the workbook; several roles are separated by semicolons."""


def is_login(text: str) -> bool:
    """True of what can be a login: small letters and digits, dots, dashes within, 3 to 40 of them."""
    return _LOGIN.fullmatch(text) is not None


def is_mail(text: str) -> bool:
    """True of one address, roughly."""
    return _MAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """True of one telephone number, roughly."""
    return _PHONE.fullmatch(text) is not None


def login_for(name: str, unit: str, taken: Collection[str]) -> str:
    """A login nobody has: given name, initials, unit.

    >>> login_for("Nguyễn Văn An", "24211", ())
    'annv.24211'
    """
    words = ["".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in fold(name).split()]
    words = [word for word in words if word] or ["tk"]
    stem = f"{words[-1][:20]}{''.join(word[0] for word in words[:-1])[:6]}"
    place = re.sub(r"[^a-z0-9]+", "-", fold(unit)).strip("-")[:10]
    tries = (f"{stem}{n or ''}.{place}" for n in range(len(taken) + 2) if n != 1)
    return next(one for one in tries if one not in taken)


@dataclass(frozen=True)
class Known:
    """What the rows are held against."""

    units: Mapping[str, str]  # names of the units alive by code
    logins: Collection[str]  # in use, or asked for
    people: Mapping[tuple[str, str], str]  # login by folded name and code of the unit
    office: str  # code of the unit whose people may run the system


def checked(
    rows: Iterable[NewAccount], places: Places, known: Known
) -> tuple[tuple[NewAccount, ...], tuple[Finding, ...]]:
    """The rows with a login each, and what is wrong with any."""
    given = [
        (at, replace(row, login=row.login.casefold(), roles=tuple(dict.fromkeys(row.roles))))
        for at, row in enumerate(rows)
    ]
    used = {*known.logins, *(row.login for _, row in given if row.login)}
    named: dict[str, int] = {}
    found: list[Finding] = []
    accounts: list[NewAccount] = []
    for at, row in given:
        where = _Where(places, str(at))
        found += _of_row(row, where, known)
        if row.login:
            found += _of_login(row, at, where, named, known.logins)
        else:
            row = replace(row, login=login_for(row.name, row.unit, used))
            used.add(row.login)
        accounts.append(row)
    if len(accounts) > MOST:
        found.append(finding("account-too-many", found=str(len(accounts)), expected=str(MOST)))
    return tuple(accounts), (*found, *_twice(accounts, places))


@dataclass(frozen=True)
class _Where:
    """One row's place in the workbook."""

    places: Places
    row: str

    def __call__(self, field: str) -> dict[str, str]:
        return self.places.where(SHEET.stem, (self.row,), field)


def _of_row(row: NewAccount, where: _Where, known: Known) -> Iterator[Finding]:
    if row.unit not in known.units:
        near = nearest(row.unit, known.units)
        yield finding("account-unit-unknown", **where("unit"), found=row.unit, expected=near)
    if not row.roles:
        yield finding("catalogue-value-missing", **where("roles"), column=SHEET.fields[2].header)
    if row.email and not is_mail(row.email):
        yield finding("account-mail-bad", **where("email"), found=row.email)
    if row.phone and not is_phone(row.phone):
        yield finding("account-phone-bad", **where("phone"), found=row.phone)
    if {Role.CLERK, Role.LEADER} <= set(row.roles):
        yield finding("account-enters-and-approves", **where("roles"), found=row.name)
    if Role.OFFICE in row.roles and row.unit != known.office:
        yield finding("account-office-elsewhere", **where("roles"), found=row.name, expected=known.office)
    if login := known.people.get((fold(row.name), row.unit)):
        yield finding("account-person-known", **where("name"), found=row.name, expected=login)


def _of_login(
    row: NewAccount, at: int, where: _Where, named: dict[str, int], taken: Collection[str]
) -> Iterator[Finding]:
    if not is_login(row.login):
        yield finding("account-login-bad", **where("login"), found=row.login)
    elif row.login in taken:
        free = login_for(row.name, row.unit, {*taken, *named})
        yield finding("account-login-taken", **where("login"), found=row.login, expected=free)
    elif row.login in named:
        first = where.places.where(SHEET.stem, (str(named[row.login]),), "login")["cell"]
        yield finding("account-login-twice", **where("login"), found=row.login, first=first)
    named.setdefault(row.login, at)


def _twice(accounts: Iterable[NewAccount], places: Places) -> Iterator[Finding]:
    """A person written twice for one unit is most likely one person."""
    first: dict[tuple[str, str, str], str] = {}
    for at, row in enumerate(accounts):
        here = places.where(SHEET.stem, (str(at),), "name")
        key = (fold(row.name), row.unit, row.phone)
        if key in first:
            yield finding("account-person-twice", **here, found=row.name, first=first[key])
        first.setdefault(key, here["cell"])
