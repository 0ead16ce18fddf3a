import pytest

from pendamping.accounts.passwords import hash_of_nobody, hash_password, is_password


@pytest.mark.parametrize("password", ["sandi-untuk-uji", "kata sandi dengan spasi", "ꦱꦤ꧀ꦝꦶ-é-🔑-rahasia", "x" * 200])
def test_a_password_fits_its_own_hash_and_no_other_does(password: str) -> None:
    password_hash = hash_password(password)

    assert is_password(password_hash, password)
    assert not is_password(password_hash, password + " ")
    assert not is_password(password_hash, password.upper())
    assert not is_password(password_hash, "")


def test_the_same_password_has_another_hash_each_time_and_stands_in_none_of_them() -> None:
    first, second = hash_password("sandi-untuk-uji"), hash_password("sandi-untuk-uji")

    assert first != second
    assert "sandi" not in first + second


def test_passwords_are_hashed_with_argon2id_19_mib_and_two_passes() -> None:
    assert hash_password("sandi-untuk-uji").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_is_checked_with_the_same_effort_as_a_known_person() -> None:
    def effort(password_hash: str) -> list[str]:
        return password_hash.split("$")[:4]

    assert effort(hash_of_nobody()) == effort(hash_password("sandi-untuk-uji"))
    assert hash_of_nobody() == hash_of_nobody()


@pytest.mark.parametrize("damaged", ["", "x", "sandi-untuk-uji", "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abcdefgh"])
def test_a_damaged_hash_fits_no_password(damaged: str) -> None:
    assert not is_password(damaged, "sandi-untuk-uji")
    assert not is_password(damaged, damaged)
