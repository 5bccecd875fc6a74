"""What the hub keeps about its members: their copy of it, and how it is forgotten."""

from pdu_resources.member.code import forget_codes
from pdu_resources.rules.code import KEPT_FOR
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention

PSEUDONYM = "Under an id that no longer leads to anybody, so that figures stay as they were."

HOLDINGS = (
    Holding(
        table="person_merge",
        words="Other ids under which we knew you",
        copy="""
            SELECT kept_id, merged_id, basis, merged_at
              FROM person_merge
             WHERE merged_id = ANY ($1::uuid[]) OR kept_id = ANY ($1::uuid[])
            """,
        stays=PSEUDONYM,
    ),
    Holding(
        table="mailed_code",
        words="Codes that we sent you of late, and to which address",
        copy="""
            SELECT purpose, address, asked_at, used_at
              FROM mailed_code
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM mailed_code WHERE person_id = ANY ($1::uuid[])",
        also=("code_letter",),
    ),
    Holding(
        table="earlier_profile",
        words="How you described yourself earlier",
        copy="SELECT earlier_profile.* FROM earlier_profile WHERE person_id = ANY ($1::uuid[])",
        forget="DELETE FROM earlier_profile WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="member",
        words="Your account of the hub",
        copy="SELECT member.* FROM member WHERE person_id = ANY ($1::uuid[])",
        also=("not_the_same_person",),
        forget="DELETE FROM member WHERE person_id = ANY ($1::uuid[])",
    ),
)

SCHEDULE = (
    Retention(
        data_class="resources.mailed_code",
        keeps="Codes that were sent, and the addresses they went to",
        kept_for=KEPT_FOR,
        counted_from="asking for them",
        apply=forget_codes,
    ),
)
