import pytest

from pendamping.accounts.passwords import hash_of_nobody, hash_password, is_password


def test_a_password_fits_its_own_hash_and_no_other_does() -> None:
    hashed = hash_password("kata sandi rahasia")

    assert is_password(hashed, "kata sandi rahasia")
    assert not is_password(hashed, "kata sandi Rahasia")
    assert not is_password(hashed, "")


def test_the_hash_is_slow_and_salted() -> None:
    first, second = hash_password("sama"), hash_password("sama")

    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "sama" not in first


@pytest.mark.parametrize("password", ["sandi–“é”👍", "x" * 200, " dengan spasi di tepi "])
def test_any_text_can_be_a_password(password: str) -> None:
    hashed = hash_password(password)

    assert is_password(hashed, password)
    assert not is_password(hashed, password[1:])


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$", "plain text"])
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    assert not is_password(stored, stored)


def test_nobodys_hash_costs_as_much_as_anybodys() -> None:
    assert hash_of_nobody().split("$")[:4] == hash_password("x").split("$")[:4]
    assert hash_of_nobody() is hash_of_nobody()
