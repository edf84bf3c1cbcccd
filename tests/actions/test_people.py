from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from actions import passwords, people
from actions.desk import Refusal
from actions.instance import Instance
from actions.passwords import PasswordLocked
from actions.people import SignInRefused
from registry.store import people as accounts
from registry.workflow.account_rules import AccountRules
from tests.actions.conftest import NOW, As
from tests.webui.conftest import ON_SQLITE

RULES = AccountRules()
WORD = "Dung-thu-mat-khau-1"


@pytest.fixture
def easup(instance: Instance) -> str:
    with instance.store.read() as connection:
        person = accounts.find(connection, "easup")
    assert person is not None
    people.give_password(instance, [person], WORD, NOW)
    return person.login


@ON_SQLITE
def test_the_right_password_starts_a_session_that_signing_out_ends(instance: Instance, easup: str) -> None:
    signed = people.sign_in(instance, " EaSup ", WORD, "10.0.0.1", NOW)
    there = people.who(instance, signed.cookie, NOW)
    assert there is not None
    assert there.actor.login == easup
    people.sign_out(instance, signed.cookie, there.actor, NOW)
    assert people.who(instance, signed.cookie, NOW) is None


def test_a_session_ends_when_idle_and_when_too_old(instance: Instance, easup: str) -> None:
    cookie = people.sign_in(instance, easup, WORD, "10.0.0.1", NOW).cookie
    idle, absolute = RULES.idle(is_admin=False), RULES.whole_session
    assert people.who(instance, cookie, NOW + idle + timedelta(seconds=1)) is None
    moment = NOW
    while moment < NOW + absolute:
        assert people.who(instance, cookie, moment) is not None
        moment += idle - timedelta(minutes=1)
    assert people.who(instance, cookie, moment) is None


@ON_SQLITE
def test_five_failures_lock_the_login_even_for_the_right_password(instance: Instance, easup: str) -> None:
    for _ in range(RULES.lock_after):
        with pytest.raises(SignInRefused, match="không đúng"):
            people.sign_in(instance, easup, "sai", "10.0.0.1", NOW)
    with pytest.raises(SignInRefused, match="tạm khóa"):
        people.sign_in(instance, easup, WORD, "10.0.0.1", NOW)
    later = NOW + RULES.locked + timedelta(seconds=1)
    assert people.sign_in(instance, easup, WORD, "10.0.0.1", later).cookie


def test_a_guess_at_a_kept_password_costs_what_the_rfc_asks(true_hasher: PasswordHasher) -> None:
    kept = extract_parameters(true_hasher.hash(WORD))
    assert (kept.type, kept.memory_cost, kept.time_cost) == (Type.ID, 65_536, 3)  # RFC 9106, 4: the second choice
    assert true_hasher.verify(true_hasher.hash(WORD), WORD)


@ON_SQLITE
def test_an_unknown_login_is_answered_like_a_wrong_password(instance: Instance, easup: str) -> None:
    sentences = set()
    for login in (easup, "khong-co"):
        with pytest.raises(SignInRefused) as refused:
            people.sign_in(instance, login, "sai", "10.0.0.1", NOW)
        sentences.add(str(refused.value))
    assert len(sentences) == 1


@ON_SQLITE
def test_a_weak_new_password_is_refused_and_a_strong_one_replaces_the_old(
    instance: Instance, easup: str, at_desk: As
) -> None:
    actor = at_desk(easup).actor
    with pytest.raises(Refusal, match="ít nhất"):
        people.change_password(instance, actor, WORD, "ngan", NOW)
    with pytest.raises(Refusal, match="hiện tại"):
        people.change_password(instance, actor, "sai", "Mat-khau-moi-2027", NOW)
    people.change_password(instance, actor, WORD, "Mat-khau-moi-2027", NOW)
    assert people.sign_in(instance, easup, "Mat-khau-moi-2027", "10.0.0.1", NOW).cookie


def test_words_of_the_house_and_usual_ones_are_no_passwords(instance: Instance, easup: str, at_desk: As) -> None:
    actor = at_desk(easup).actor
    for weak in ("Baocao@2026Baocao", "Password123!Password", "Easup-easup-2026!", "Qwerty123456!@#"):
        with pytest.raises(Refusal, match="dễ đoán"):
            people.change_password(instance, actor, WORD, weak, NOW)


def test_every_letter_of_a_long_password_counts() -> None:
    long = "Đường dài mới biết ngựa hay, " * 5
    kept = passwords.hashed(long)
    assert len(long) > 128
    assert [passwords.matches(kept, one) for one in (long, long[:-1], long.upper())] == [True, False, False]


@ON_SQLITE
def test_the_operator_gives_a_first_password_which_must_be_strong(instance: Instance) -> None:
    with pytest.raises(Refusal, match="ít nhất"):
        people.set_password(instance, "bmt", "ngan", NOW)
    with pytest.raises(Refusal, match="khong-co"):
        people.set_password(instance, "khong-co", "Mat-khau-moi-2027", NOW)
    people.set_password(instance, "BMT", "Mat-khau-moi-2027", NOW)
    cookie = people.sign_in(instance, "bmt", "Mat-khau-moi-2027", "10.0.0.1", NOW).cookie
    people.set_password(instance, "bmt", "Mat-khau-khac-2028", NOW)
    assert people.who(instance, cookie, NOW) is None


@ON_SQLITE
def test_the_operators_own_account_cannot_sign_in(instance: Instance) -> None:
    with pytest.raises(SignInRefused):
        people.sign_in(instance, accounts.OPERATOR, "", "10.0.0.1", NOW)


@ON_SQLITE
def test_guessing_the_current_password_locks_its_change_for_a_while(
    instance: Instance, easup: str, at_desk: As
) -> None:
    actor = at_desk(easup).actor
    for _ in range(RULES.lock_after):
        with pytest.raises(Refusal, match="hiện tại"):
            people.change_password(instance, actor, "sai", "Mat-khau-moi-2027", NOW)
    with pytest.raises(PasswordLocked):
        people.change_password(instance, actor, WORD, "Mat-khau-moi-2027", NOW)
    later = NOW + RULES.locked + timedelta(seconds=1)
    people.change_password(instance, actor, WORD, "Mat-khau-moi-2027", later)


@ON_SQLITE
def test_a_new_password_ends_the_persons_other_sessions(instance: Instance, easup: str, at_desk: As) -> None:
    here = people.sign_in(instance, easup, WORD, "10.0.0.1", NOW).cookie
    elsewhere = people.sign_in(instance, easup, WORD, "10.0.0.2", NOW).cookie
    people.change_password(instance, at_desk(easup).actor, WORD, "Mat-khau-moi-2027", NOW, keep=here)
    assert people.who(instance, here, NOW) is not None
    assert people.who(instance, elsewhere, NOW) is None
