"""In what capacity somebody signs (NĐ 30/2020, Điều 13; R45), and what of their own entry they may approve (F15)."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """tư cách ký."""

    DIRECT = "direct"  # ký trực tiếp: the head
    FOR = "KT"  # ký thay: a deputy, in the field assigned to him
    BY_ORDER = "TL"  # thừa lệnh: the head of a sub-unit
    BY_MANDATE = "TUQ"  # thừa ủy quyền
    ACTING = "Q"  # quyền

    @property
    def needs_document(self) -> bool:
        """True for those that rest on a written basis with its scope and time."""
        return self in (Standing.BY_ORDER, Standing.BY_MANDATE)

    @property
    def may_be_lent(self) -> bool:
        """False for a mandate: it is not passed on."""
        return not self.needs_document


class OwnApproval(StrEnum):
    """người nhập tự duyệt: whether who entered figures may approve them."""

    FORBIDDEN = "cấm"
    DELEGATED = "cho phép khi có ủy quyền"
    ALLOWED = "cho phép"

    def lets(self, *, unit_allows: bool, has_mandate: bool) -> bool:
        """True when a regime of this rule lets it be, in a unit that allows it or not, with a written basis or not."""
        if not unit_allows or self is OwnApproval.FORBIDDEN:
            return False
        return has_mandate or self is OwnApproval.ALLOWED
