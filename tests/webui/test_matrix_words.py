"""The permission matrix is shown in words: every action, role and reach has its own."""

from registry.catalogue.model import Role
from registry.workflow.policy import MATRIX, Reach
from webui.wording import say


def test_every_action_role_and_reach_has_its_words() -> None:
    assert [one for one in MATRIX if MATRIX[one] and f"matrix.do.{one}" not in say] == []
    assert [one for one in Role if f"role.{one}" not in say] == []
    assert [one for one in Reach if f"matrix.{one}" not in say] == []
