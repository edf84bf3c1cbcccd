#!/usr/bin/env python3
"""Verify an exported audit log of Baocao without Baocao: nothing but Python's standard library (3.9 or later).

    python3 verify_audit.py LOG.jsonl [--checkpoint FILE]... [--key HEX]

LOG.jsonl comes from `baocao audit export` or from the page An toàn thông tin; checkpoints are files kept since, away
from the server; the key is what `baocao audit key` printed when the system was set up. Says the first bad entry, or
that the log is shorter than a checkpoint. Exit code: 0 whole, 1 not, 2 nothing to verify.
"""

import argparse
import hashlib
import json
import pathlib
import sys

# --- Ed25519, RFC 8032 5.1: verifying only ---------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        result = add(result, point) if number & 1 else result
        point, number = add(point, point), number >> 1
    return result


def decompressed(data):
    """The point that 32 bytes stand for; None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = decompressed((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    public, commitment = decompressed(key), decompressed(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or public is None or commitment is None or scalar >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), add(commitment, times(digest, public))
    return all((left[at] * right[2] - right[at] * left[2]) % P == 0 for at in (0, 1))


# --- the log ---------------------------------------------------------------------------------------------------------


def text(value, **more):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), **more)


def sha(words):
    return hashlib.sha256(words.encode()).hexdigest()


def flaw(line, entry, seq, prev, with_details):
    """What is wrong with an entry; nothing when all is well."""
    if text(entry) != line or ("salt" in entry) != with_details:
        return "is not a line as it was exported"
    if entry["seq"] != seq:
        return f"is missing: entry {entry['seq']} stands in its place"
    if entry["prev"] != prev:
        return "does not follow from the one before"
    if with_details and sha(entry["salt"] + "\n" + entry["detail"]) != entry["detail_hash"]:
        return "has another detail than it had"
    hashed = [entry[name] for name in ("prev", "seq", "at", "actor", "action", "object", "detail_hash")]
    placed = [entry["person"], entry["unit"]]
    return "" if sha(text(hashed + placed * (placed != [None, None]))) == entry["hash"] else "was changed"


def checkpoint(path, key):
    told = json.loads(path.read_text(encoding="utf-8"))
    signature = bytes.fromhex(told.pop("signature"))
    if told["key"] != key or not is_signed(bytes.fromhex(key), text(told, sort_keys=True).encode(), signature):
        raise ValueError(f"{path}: not signed with the key given")
    return told


def header(line):
    """The first line: how many entries follow, and whether with their details."""
    try:
        told = json.loads(line)
        expected = {"format": "baocao-audit-1", "entries": told["entries"], "details": told["details"]}
        if text(expected) == line and isinstance(told["details"], bool):
            return told
    except (ValueError, KeyError, TypeError):
        pass
    raise ValueError("the first line is not that of an exported audit log")


def verify(lines, checkpoints):
    """How many entries there are; raises ValueError naming the first bad one."""
    first = header(next(lines, "").rstrip("\n"))
    seq, prev, vouched = 0, "0" * 64, 0
    for line in lines:
        try:
            why = flaw(line.rstrip("\n"), json.loads(line), seq + 1, prev, first["details"])
        except (ValueError, KeyError, TypeError):
            why = "cannot be read"
        if why:
            raise ValueError(f"entry {seq + 1} {why}")
        seq, prev = seq + 1, json.loads(line)["hash"]
        for one in (one for one in checkpoints if one["seq"] == seq):
            if one["hash"] != prev:
                raise ValueError(f"entries {vouched + 1} to {seq} are not those of checkpoint {one['n']}")
            vouched = seq
    for one in sorted(checkpoints, key=lambda one: one["seq"]):
        if one["seq"] > seq:
            raise ValueError(f"shorter than the checkpoint: {seq} entries, {one['seq']} at checkpoint {one['n']}")
    if first["entries"] != seq:
        raise ValueError(f"{seq} entries instead of the {first['entries']} exported: entry {seq + 1} is missing")
    return seq


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("log", type=pathlib.Path)
    options.add_argument("--checkpoint", action="append", default=[], metavar="FILE", type=pathlib.Path)
    options.add_argument("--key", help="public key that vouches for the checkpoints, 64 hexadecimal digits")
    given = options.parse_args()
    if given.checkpoint and not given.key:
        options.error("--checkpoint needs --key")
    try:
        signed = [checkpoint(path, given.key) for path in given.checkpoint]
        with given.log.open(encoding="utf-8", newline="\n") as lines:
            count = verify(lines, signed)
    except OSError as fault:
        options.error(str(fault))
    except (ValueError, KeyError, TypeError) as fault:
        sys.exit(f"NOT WHOLE: {fault}")
    sys.stdout.write(f"whole: {count} entries, {len(signed)} checkpoints\n")


if __name__ == "__main__":
    main()
