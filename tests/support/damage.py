"""Damage to files, as by a bad disk, a broken download, a careless program or a malicious person."""

import io
import json
import random
import re
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

NUMBERS = (0, 1, 2, 3, 7, 127, 128, 255, 256, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63, 2**64 - 1)
TEXTS = (
    b"-1", b"0", b"1e400", b"1e39", b"nan", b"-inf", b"9" * 30, b"9" * 5000, b"[", b"]", b"{", b"}", b'"', b"\\", b"'",
    b"\\u0000", b"\\ud800", b"\x1b]0;owned\x07", b"\x9b2J", "‮⁦​ é".encode(), b"(1,)", b"(10**12, 8)", b"()", b"None",
    b"True", b"|O", b">f8", b"<f2", b"|S0", b"<U9", b"<M8[s]", b"<c8", b"F64", b"BF16", b"I8", b",", b";", b"\t", b"\n",
    b"\r", b"\0", b"__metadata__", b"weight_ih_l0", b"weight_hh_l99999999", b"fc.weight", b"\xff\xfe", b"2020-02-30",
)  # fmt: skip
"""Texts that mean something to one of the formats."""


def damaged(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Return `content` with one to four kinds of damage; `others` are files to take pieces from."""
    within = chance.random() < 0.5
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = _inside(content, chance, others) if within else _anywhere(content, chance, others)
    return content


def _anywhere(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    place = chance.randrange(len(content) + 1)
    # Beginnings and ends say what a file is; so half of all damage is done there.
    if chance.random() < 0.5:
        place = chance.choice((place % 128, max(len(content) - place % 128, 0)))
    length = min(chance.choice((1, 2, 4, 8, 64, 1000)), max(len(content) - place, 1))
    before, there, after = content[:place], content[place : place + length], content[place + length :]
    other = chance.choice(others)
    start = chance.randrange(len(other))
    number = chance.choice(NUMBERS).to_bytes(8, chance.choice(("little", "big")))
    kinds: list[Callable[[], bytes]] = [
        lambda: before,
        lambda: before + bytes(b ^ 1 << chance.randrange(8) for b in there[:1]) + there[1:] + after,
        lambda: before + chance.randbytes(len(there)) + after,
        lambda: before + chance.randbytes(length) + there + after,
        lambda: before + after,
        lambda: before + there * chance.choice((2, 3, 100)) + after,
        lambda: before + chance.choice((number, number[:4], number[:2])) + content[place + 8 :],
        lambda: before + chance.choice(TEXTS) + chance.choice((there + after, after, content[place + 1 :])),
        lambda: before + other[start : start + length] + after,
        lambda: before + other[start:],
        lambda: content + chance.choice((content, other, b"\0" * 64, b"\n")),
        lambda: _words(content, chance),
    ]
    return chance.choice(kinds)()


def _words(content: bytes, chance: random.Random) -> bytes:
    """One number or word of a text replaced."""
    found = list(re.finditer(rb"[0-9.]+|[A-Za-z_]\w*", content))
    if not found:
        return content
    one = chance.choice(found)
    return content[: one.start()] + chance.choice(TEXTS) + content[one.end() :]


def _inside(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Damage that checks of the whole file do not see: in a member of an archive, or in a header of a stated length."""
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = [(info, archive.read(info)) for info in archive.infolist()]
        except Exception:  # damaged before
            return _anywhere(content, chance, others)
        one = chance.randrange(max(len(members), 1))
        made = io.BytesIO()
        with (
            warnings.catch_warnings(action="ignore"),
            zipfile.ZipFile(made, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive,
        ):
            for n, (info, member) in enumerate(members):
                if n != one or chance.random() < 0.95:
                    name = chance.choice((info.filename, "x.npy", "h0")) if chance.random() < 0.1 else info.filename
                    archive.writestr(name, _inside(member, chance, others) if n == one else member)
        return made.getvalue()
    if content[:6] == b"\x93NUMPY" and len(content) > 10:
        end = 10 + int.from_bytes(content[8:10], "little")
        header = _anywhere(content[10:end], chance, others)
        return content[:8] + (len(header) & 0xFFFF).to_bytes(2, "little") + header + content[end:]
    if content[8:9] == b"{":
        end = 8 + int.from_bytes(content[:8], "little")
        header = (_json if chance.random() < 0.5 else _anywhere)(content[8:end], chance, others)
        return len(header).to_bytes(8, "little") + header + content[end:]
    return _anywhere(content, chance, others)


def _json(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A JSON object with one value replaced, one key renamed, or one entry more or less."""
    try:
        whole = json.loads(content)
    except ValueError:
        return _anywhere(content, chance, others)
    at: Any = whole
    keys: list[Any] = []
    while isinstance(at, dict | list) and at and (not keys or chance.random() < 0.8):
        keys.append(chance.choice(list(at)) if isinstance(at, dict) else chance.randrange(len(at)))
        parent, at = at, at[keys[-1]]
    if not keys:
        return content
    value: Any = chance.choice(
        (None, True, -1, 0, 2**63, 10**400, 1.5, 1e300, "", "x\x1b", [], {}, [[]], [0, 0], {"a": 1}, at)
    )
    match chance.randrange(4):
        case 0 if isinstance(at, str) and at[:1] in "[{":  # JSON in JSON, as a vocabulary is
            parent[keys[-1]] = _json(at.encode(), chance, others).decode("utf-8", "replace")
        case 1 if isinstance(parent, dict):
            parent["weight_ih_l0"] = parent.pop(keys[-1])
        case 2:
            del parent[keys[-1]]
        case _:
            parent[keys[-1]] = value
    return json.dumps(whole).encode()
