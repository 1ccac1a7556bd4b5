"""WAV files of every kind are read, and broken ones are refused with what is wrong with them."""

import io
import struct
import wave

import numpy as np
import pytest

from agent.local_models.errors import BrokenAudio
from agent.local_models.waveform import read_audio, read_wav, to_pcm16, wav_header

pytestmark = pytest.mark.unit

HZ = 16_000
WAVEFORM = (0.5 * np.sin(np.arange(HZ // 2) * 0.1)).astype(np.float32)


def layout(kind: int, channels: int, bits: int, rate_hz: int = HZ) -> bytes:
    frame = channels * bits // 8
    return struct.pack("<HHIIHH", kind, channels, rate_hz, rate_hz * frame, frame, bits)


def riff(*chunks: tuple[bytes, bytes], length: int | None = None) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data) if length is None or name != b"data" else length) + data
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def test_what_the_standard_library_writes_is_read() -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(HZ)
        wav.writeframes(to_pcm16(WAVEFORM))

    samples, rate_hz = read_wav(file.getvalue())

    assert rate_hz == HZ
    np.testing.assert_allclose(samples, WAVEFORM, atol=1e-4)


def test_what_we_write_the_standard_library_reads() -> None:
    pcm = to_pcm16(WAVEFORM)

    with wave.open(io.BytesIO(wav_header(len(pcm), rate_hz=24_000) + pcm)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (24_000, 1, 2)
        assert wav.readframes(wav.getnframes()) == pcm


@pytest.mark.parametrize(
    ("kind", "bits", "body"),
    [
        pytest.param(1, 8, (WAVEFORM * 127 + 128).astype(np.uint8).tobytes(), id="8-bit"),
        pytest.param(
            1,
            24,
            (WAVEFORM * 2**31).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes(),
            id="24-bit",
        ),
        pytest.param(1, 32, (WAVEFORM * (2**31 - 1)).astype("<i4").tobytes(), id="32-bit"),
        pytest.param(3, 32, WAVEFORM.astype("<f4").tobytes(), id="float"),
        pytest.param(3, 64, WAVEFORM.astype("<f8").tobytes(), id="double"),
    ],
)
def test_every_kind_of_sample_comes_out_the_same(kind: int, bits: int, body: bytes) -> None:
    samples, _ = read_wav(riff((b"fmt ", layout(kind, 1, bits)), (b"data", body)))

    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples, WAVEFORM, atol=0.02)


def test_two_channels_become_one() -> None:
    stereo = np.stack([WAVEFORM, np.zeros_like(WAVEFORM)], axis=1)
    data = riff((b"fmt ", layout(1, 2, 16)), (b"data", to_pcm16(stereo)))

    samples, _ = read_wav(data)

    np.testing.assert_allclose(samples, WAVEFORM / 2, atol=1e-3)


def test_the_extensible_kind_and_chunks_unknown_to_us_are_read_past() -> None:
    extensible = layout(0xFFFE, 1, 16) + struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)
    data = riff((b"LIST", b"odd"), (b"fmt ", extensible), (b"data", to_pcm16(WAVEFORM)))
    # A chunk of odd length is followed by a byte of padding.
    data = data.replace(b"odd", b"odd\0")

    samples, _ = read_wav(data)

    assert len(samples) == len(WAVEFORM)


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF, 10_000_000])
def test_a_stream_that_did_not_know_its_length_is_read_to_the_end(length: int) -> None:
    data = riff((b"fmt ", layout(1, 1, 16)), (b"data", to_pcm16(WAVEFORM)), length=length)

    samples, _ = read_wav(data)

    assert len(samples) == len(WAVEFORM)


def test_another_sample_rate_is_resampled() -> None:
    data = riff((b"fmt ", layout(1, 1, 16, 48_000)), (b"data", to_pcm16(np.zeros(48_000))))

    assert len(read_audio(data, rate_hz=HZ)) == HZ


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"", "the file is empty", id="nothing"),
        pytest.param(b"hello, I am a text", "begins b'hell'", id="text"),
        pytest.param(b"RIFF\x04\0\0\0AVI ", "holds b'AVI ', not WAVE", id="another RIFF"),
        pytest.param(riff(), "before its 'fmt ' chunk", id="no chunks"),
        pytest.param(riff((b"fmt ", layout(1, 1, 16))), "before its 'data' chunk", id="no data"),
        pytest.param(riff((b"data", b"\0\0")), "'data' before its 'fmt '", id="data first"),
        pytest.param(riff((b"fmt ", b"ab"), (b"data", b"")), "has 2 bytes", id="short format"),
        pytest.param(
            riff((b"fmt ", layout(1, 0, 16)), (b"data", b"")), "0 channels", id="no channels"
        ),
        pytest.param(
            riff((b"fmt ", layout(1, 1, 16, 3)), (b"data", b"")), "3 samples a second", id="3 Hz"
        ),
        pytest.param(
            riff((b"fmt ", layout(7, 1, 8)), (b"data", b"ab")), "8-bit mu-law", id="mu-law"
        ),
        pytest.param(
            riff((b"fmt ", layout(1, 1, 12)), (b"data", b"ab")), "12-bit PCM", id="12-bit"
        ),
    ],
)
def test_a_broken_file_is_refused_with_what_is_wrong(data: bytes, problem: str) -> None:
    with pytest.raises(BrokenAudio, match=problem):
        read_audio(data, rate_hz=HZ)


def test_a_file_cut_off_in_the_middle_of_a_sample_loses_only_that_sample() -> None:
    data = riff((b"fmt ", layout(1, 1, 16)), (b"data", to_pcm16(WAVEFORM)))

    samples, _ = read_wav(data[:-1])

    assert len(samples) == len(WAVEFORM) - 1


def test_too_loud_is_clipped_and_never_wraps_round() -> None:
    assert np.frombuffer(to_pcm16(np.array([2.0, -2.0], np.float32)), "<i2").tolist() == [
        32767,
        -32767,
    ]
