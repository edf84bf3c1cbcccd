"""The words official forms are made of, as patterns over folded text (no accents, lower case)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vietnamese.fold import fold

NUMBER_HEADING = re.compile(r"(stt|tt|so tt|s\.?t\.?t|so thu tu|ma so thu tu)\.?")
MEASURE_HEADING = re.compile(r"(don vi tinh|dvt|don vi|dv tinh|d\.v\.t)( .*)?")
CODE_HEADING = re.compile(r"(ma so|ma|ma chi tieu|ma dong)")
LABEL_HEADING = re.compile(
    r"((cac |ten |danh muc )?(chi tieu|noi dung|linh vuc|hang muc|muc|loai|dien giai|danh muc|doi tuong|thiet hai)"
    r"|ten\b|thon\b|dia ban|don vi bao cao|xa, phuong|nhom\b).*"
)
ABOVE = re.compile(  # what stands above a table and is neither heading nor title
    r"(cong hoa xa hoi|doc lap|uy ban nhan dan|ubnd|tinh (?!hinh|toan)|so (?!lieu|luong|vu|ho|nguoi)[a-z]{2,}|"
    r"bieu (mau )?so|mau so|bieu \d|\(?(duoc )?ban hanh|"
    r"(kem )?theo |don vi (bao cao|nhan|gui)|don vi tinh ?:|dvt ?:|"
    r"ngay nhan|phu luc|bao cao so|kinh gui|ky bao cao|van phong|"
    r"tm\.|kt\.|co quan (bao cao|nhan|gui)).*"
)

ROMAN = re.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})\.?")
CAPITAL = re.compile(r"[A-ZĐ]\.?")
DOTTED = re.compile(r"\d{1,3}(\.\d{1,3}){0,5}\.?")
SMALL_LETTER = re.compile(r"[a-zđ]{1,2}[.)]?")
DASH = re.compile(r"[-–—•*]")
SPLIT_LABEL = re.compile(
    r"(?P<number>(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})\.|\d{1,3}(?:\.\d{1,3}){0,4}[.)]?|[A-ZĐ]\.|[a-zđ]\))\s+"
    r"(?P<label>\S.*)"
)
TOTAL = re.compile(r"(tong( cong| so| chung)?|cong( chung)?|toan (tinh|xa|huyen))\s*:?")
FOOT = re.compile(
    r"(nguoi (lap|kiem|tong hop)|thu truong|ghi chu\s*:|\* ?ghi chu|noi nhan|ke toan truong|giam doc|chu tich|"
    r"tm\.|kt\.|tl\.|ky ten|\(?ky,|.{0,60},? ngay .{0,12} ?thang .{0,12} ?nam|ghi ro|"
    r"cot \(?\d|huong dan|kiem tra ?:|luu y|"
    r"\(?\d+\)? ?(<=|>=|≤|≥|=) ?\(?\d|ngay\s+thang\s+nam).*"
)
DITTO = re.compile(r'("|″|”|’’|\'\'|-?\s*nt\s*-?|//)')
CLOSED = frozenset({"x", "×"})
PLACEHOLDER = re.compile(r".*(\.\.|…).*|[\W_]*")
SERIAL = re.compile(r"(thon|buon|to dan pho|xa|phuong|du an|don vi|cong trinh|ho|ten)?[\s,]*(\d{1,3}|[a-z])?[\s.…]*")
PART_OF = re.compile(r"(?:[-–+*]\s*)?trong (do|so do)\b.*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A heading path as folded text."""

    whole: str
    leaf: str

    @classmethod
    def of(cls, path: tuple[str, ...]) -> Folded:
        """``whole`` joins the parts with " > "."""
        parts = [fold(part) for part in path]
        return cls(" > ".join(parts), parts[-1] if parts else "")


def bare(label: str) -> str:
    """A label without the dashes that set it in and without "Trong đó:"."""
    text = label.strip(" -–—+•*:;.")
    cut = re.sub(r"^trong (đó|số đó)\s*[:,]?\s*", "", text, flags=re.IGNORECASE).strip(" -–—+:;,.")
    return cut or text
