"""What is left of an invite nobody used."""

from __future__ import annotations

from pathlib import Path

from casework.inviting import INVITE_DAYS
from rules.access import Role
from tests.living import living


async def test_a_sign_in_name_is_free_again_when_its_invite_has_ended(tmp_path: Path) -> None:
    """An adviser whose link ran out can be added again under the same sign-in name."""
    async with living(tmp_path) as town:
        await town.invite(Role.ADVISER, "Jo Marsh")
        await town.turn(days=INVITE_DAYS, hours=1)
        again = await town.invite(Role.ADVISER, "Jo Marsh")
        assert again.name == "Jo Marsh"


async def test_every_code_can_be_told_from_words(tmp_path: Path) -> None:
    """Each code that is made has a figure in it, and no sign that is mistaken for another."""
    async with living(tmp_path) as town:
        await town.join(Role.ADVISER, "Jo Marsh")
        codes = [(await town.invite(Role.CARER, f"Carer {number}", by="Jo Marsh")).code for number in range(60)]
        assert all(any(sign.isdigit() for sign in code) for code in codes)
        assert not set("".join(codes)) & set("01ILOU")
        assert len(set(codes)) == 60
