"""People who sign in, and what failed sign-ins leave behind."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.roles import Role
from pendamping.kernel.tables import Base, IdMixin

USERNAME_LENGTH = 40
NAME_LENGTH = 120


class User(IdMixin, Base):
    """A person who signs in. A cooperative's account belongs to that cooperative; all others to the agency."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("(role = 'cooperative') = (cooperative_id IS NOT NULL)", name="cooperative_accounts_have_one"),
        CheckConstraint("username = lower(username) AND length(username) >= 3", name="username_is_lower_case"),
        CheckConstraint("length(name) > 0", name="name_is_given"),
        CheckConstraint("role = 'agency_head' OR role = 'admin' OR scope_prefix = ''", name="scope_is_for_the_agency"),
        CheckConstraint("language IN ('id', 'en')", name="language_is_spoken_here"),
        CheckConstraint("officer_id IS NULL OR role = 'cooperative'", name="officers_belong_to_a_cooperative"),
        CheckConstraint("(officer_id IS NULL) = (password_hash IS NOT NULL)", name="officers_come_by_link_alone"),
        Index(None, "role", "name", "id"),
    )

    username: Mapped[str] = mapped_column(String(USERNAME_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    role: Mapped[Role]
    scope_prefix: Mapped[str] = mapped_column(String(13), default="")
    """The region this person sees, as the beginning of its Kemendagri code; empty means everything."""
    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    officer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("officer.id"), unique=True)
    """The officer whose personal links open this account; such an account has no password and no other way in."""
    password_hash: Mapped[str | None] = mapped_column(String(255))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    session_version: Mapped[int] = mapped_column(default=1)
    """Raised when the password changes or the account is closed: sessions of an older version end."""
    language: Mapped[str] = mapped_column(String(2), default="id")
    created_at: Mapped[dt.datetime]
    deactivated_at: Mapped[dt.datetime | None]

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def sight(self) -> tuple[uuid.UUID, Role, str, uuid.UUID | None]:
        """All that decides what this person sees on a day: whoever has the same sees the same (`kernel.kept`)."""
        return self.id, self.role, self.scope_prefix, self.cooperative_id

    # What Flask-Login asks of a user; spelled out, so that no web library is needed here.
    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return f"{self.id}:{self.session_version}"


class EndedSession(IdMixin, Base):
    """A session that was signed out of: its cookie opens nothing any more, wherever it was copied to. Kept as long as a
    cookie lasts.
    """

    __tablename__ = "ended_session"
    __table_args__ = (Index(None, "ended_at"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[dt.datetime]


class SignInFailure(Base):
    """Failed sign-ins of one name or one address within a window; all workers count together here."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        CheckConstraint("failures > 0", name="failures_positive"),
        Index(None, "window_started_at"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of what is counted: no name that was typed by mistake, not even a password, is stored in clear."""
    failures: Mapped[int]
    window_started_at: Mapped[dt.datetime]
    locked_until: Mapped[dt.datetime | None]
