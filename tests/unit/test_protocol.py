"""A record is believed only when a holder of the secret signed exactly these bytes, lately."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.protocol import SIGNATURE_VALID_S, EncounterRequest, sign, verify

pytestmark = pytest.mark.unit

PATH = "/api/records/enc_1"


def test_a_signature_verifies():
    header = sign(b"{}", path=PATH, secret="s" * 32, at=1000)

    assert verify(header, b"{}", path=PATH, secret="s" * 32, now=1000.5)


@pytest.mark.parametrize(
    ("body", "path", "secret", "now"),
    [
        pytest.param(b"{ }", PATH, "s" * 32, 1000, id="another body"),
        pytest.param(b"{}", "/api/records/enc_2", "s" * 32, 1000, id="another path"),
        pytest.param(b"{}", PATH, "t" * 32, 1000, id="another secret"),
        pytest.param(b"{}", PATH, "s" * 32, 1001 + SIGNATURE_VALID_S, id="too old"),
        pytest.param(b"{}", PATH, "s" * 32, 999 - SIGNATURE_VALID_S, id="from the future"),
    ],
)
def test_a_signature_is_for_one_message_at_one_time(body, path, secret, now):
    header = sign(b"{}", path=PATH, secret="s" * 32, at=1000)

    assert not verify(header, body, path=path, secret=secret, now=now)


@given(st.text())
def test_no_header_crashes_the_check(header: str):
    assert not verify(header, b"{}", path=PATH, secret="s" * 32, now=1000)


def test_a_dispatch_without_metadata_is_a_wish_for_the_default():
    assert EncounterRequest.model_validate_json("{}").scenario_id is None


def test_an_older_worker_survives_newer_metadata():
    wish = EncounterRequest.model_validate_json('{"encounter_id": "enc_1", "later": true}')

    assert wish.encounter_id == "enc_1"
