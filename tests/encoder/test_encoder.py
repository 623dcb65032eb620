"""The sentence encoder: what its vectors are like, and how it stays away when something is wrong."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from baclofen.encoder import MOST_CHARACTERS, WIDTH, Encoder, _open
from baclofen.paths import ROOT

FOLDER = ROOT / "models" / "encoder"
TEXTS = [
    "my dog chewed the packet",
    "is it safe to drive",
    "",
    "how should the syrup be kept, and how long does an open bottle last once it has been in the fridge?",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    loaded = Encoder.load(FOLDER)
    assert loaded is not None
    return loaded


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A copy of the encoder's files that a test may spoil."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    for name in ("model.onnx", "tokenizer.json", "SHA256SUMS"):
        shutil.copy(FOLDER / name, folder / name)
    yield folder
    shutil.rmtree(folder)


def likeness(encoder: Encoder, one: str, other: str) -> float:
    first, second = encoder.embed([one, other])
    return float(first @ second)


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


# Shape and length


def test_each_text_becomes_one_row_of_length_one(encoder: Encoder) -> None:
    rows = encoder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), WIDTH)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_text_becomes_no_row(encoder: Encoder) -> None:
    rows = encoder.embed([])
    assert rows.shape == (0, WIDTH)
    assert rows.dtype == np.float32


# The same text, the same bits


def test_the_same_text_gets_the_same_bits_again(encoder: Encoder) -> None:
    reloaded = Encoder.load(FOLDER)
    assert reloaded is not None
    assert np.array_equal(encoder.embed(TEXTS), encoder.embed(TEXTS))
    assert np.array_equal(encoder.embed(TEXTS), reloaded.embed(TEXTS))


def test_another_text_does_not_get_the_same_bits(encoder: Encoder) -> None:
    first, second = encoder.embed(["is it safe to drive", "is it safe to drink"])
    assert not np.array_equal(first, second)


def test_a_text_that_differs_in_capitals_alone_is_not_encoded_again(encoder: Encoder) -> None:
    encoder.embed(["can a kitten see the rainbow?"])
    before = encoder._of_pieces.cache_info().misses
    assert np.array_equal(*encoder.embed(["Can a KITTEN see the rainbow?", "can a kitten see the rainbow?"]))
    assert encoder._of_pieces.cache_info().misses == before
    encoder.embed(["can a puppy see the rainbow?"])
    assert encoder._of_pieces.cache_info().misses == before + 1


def test_neighbours_do_not_change_a_text(encoder: Encoder) -> None:
    alone = np.concatenate([encoder.embed([text]) for text in TEXTS])
    assert np.array_equal(encoder.embed(TEXTS), alone)


def test_rows_keep_the_order_of_the_texts(encoder: Encoder) -> None:
    assert np.array_equal(encoder.embed(TEXTS[::-1]), encoder.embed(TEXTS)[::-1])
    assert not np.array_equal(encoder.embed(TEXTS[::-1]), encoder.embed(TEXTS))


def test_threads_that_share_an_encoder_do_not_disturb_each_other(encoder: Encoder) -> None:
    expected = encoder.embed(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(encoder.embed, [TEXTS] * 12):
            assert np.array_equal(rows, expected)


# Sense


@pytest.mark.parametrize(
    ("question", "same", "other"),
    [
        ("can I drink wine with it", "is alcohol allowed on this medicine", "how do I renew my passport"),
        ("she does not wake up", "I can't get her to open her eyes", "what is it made of"),
        ("where do I keep the tablets", "how should the pills be stored", "is it a drug you get hooked on"),
    ],
)
def test_like_sense_is_nearer_than_unlike(encoder: Encoder, question: str, same: str, other: str) -> None:
    assert likeness(encoder, question, same) > likeness(encoder, question, other) + 0.1


def test_capitals_do_not_change_a_text_but_words_do(encoder: Encoder) -> None:
    assert likeness(encoder, "HE HAD A SEIZURE", "he had a seizure") == pytest.approx(1, abs=1e-5)
    assert likeness(encoder, "he had a sandwich", "he had a seizure") < 0.9


# Length and odd input


def test_what_lies_beyond_128_word_pieces_is_not_read(encoder: Encoder) -> None:
    full = "pain " * 126
    first, second = encoder.embed([full, full + "banana " * 50])
    assert np.array_equal(first, second)


def test_what_lies_within_128_word_pieces_is_read(encoder: Encoder) -> None:
    first, second = encoder.embed(["pain " * 126, "pain " * 125 + "banana"])
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n",
        "\ud83d",
        "\ude31 he fell \ud83d",
        "\x00\x07\ufffe",
        "😱😱😱",
        "مرحبا 你好",
        "é" * 5000,
        "[SEP][MASK]",
        "x " * 500_000,
    ],
    ids=["empty", "blank", "half", "halves", "control", "emoji", "scripts", "one word", "marks", "a book"],
)
def test_odd_input_gets_an_ordinary_row(encoder: Encoder, text: str) -> None:
    (row,) = encoder.embed([text])
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def test_half_a_character_is_dropped_and_two_halves_are_joined(encoder: Encoder) -> None:
    broken, plain, joined, whole = encoder.embed(["he \ud83dfell", "he fell", "\ud83d\ude31", "😱"])
    assert np.array_equal(broken, plain)
    assert np.array_equal(joined, whole)


def test_text_is_cut_only_far_beyond_128_word_pieces(encoder: Encoder) -> None:
    gap = " " * (MOST_CHARACTERS - 100)
    near, plain, far, start = encoder.embed(["he" + gap + "fell", "he fell", "he" + gap * 2 + "fell", "he"])
    assert np.array_equal(near, plain)
    assert np.array_equal(far, start)


def test_a_mark_typed_by_the_user_is_plain_text(encoder: Encoder) -> None:
    typed, spelt, without = encoder.embed(
        ["he fell [SEP] asleep", "he fell [ sep ] asleep", "he fell asleep"]
    )
    assert np.array_equal(typed, spelt)
    assert not np.array_equal(typed, without)


# Absent or spoilt files


def test_a_true_copy_is_loaded_without_a_word(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert Encoder.load(copy) is not None
    assert caplog.records == []


def assert_it_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    _open.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert Encoder.load(folder) is None
    _open.cache_clear()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "without the sentence encoder" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_an_absent_folder_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert_it_is_left_out(tmp_path / "nowhere", caplog)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "SHA256SUMS"])
def test_an_absent_file_is_no_error(copy: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    (copy / name).unlink()
    assert_it_is_left_out(copy, caplog)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_one_wrong_bit_keeps_it_out(copy: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    flip_a_bit(copy / name)
    assert_it_is_left_out(copy, caplog)


@pytest.mark.parametrize("spoilt", ["", "\udcff", "no checksum here\n"], ids=["empty", "binary", "prose"])
def test_a_spoilt_list_keeps_it_out(copy: Path, spoilt: str, caplog: pytest.LogCaptureFixture) -> None:
    (copy / "SHA256SUMS").write_bytes(spoilt.encode("utf-8", "surrogateescape"))
    assert_it_is_left_out(copy, caplog)


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_an_absent_library_is_no_error(
    library: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert_it_is_left_out(FOLDER, caplog)


@pytest.mark.parametrize(("work", "wanted"), [("", "False"), ("; encoder.Encoder.load()", "True")])
def test_the_libraries_are_imported_by_loading_and_not_before(work: str, wanted: str) -> None:
    code = f"import sys; from baclofen import encoder{work}; print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == wanted


def test_a_folder_is_opened_once() -> None:
    assert Encoder.load(FOLDER) is Encoder.load(FOLDER)
