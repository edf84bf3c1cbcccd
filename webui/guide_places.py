"""Which part of the guides speaks of a page, for whoever reads it."""

from __future__ import annotations

from registry.catalogue.model import Role
from webui.guides import READERS

# A guide and the place in it, then the blueprints whose pages it speaks of.
_SPOKEN_OF = {
    ("nguoi-nhap-lieu", "1-dang-nhap"): "work notices due_calendar",
    ("nguoi-nhap-lieu", "2-tai-bieu-mau-va-nhap-so"): "entry templates previews",
    ("nguoi-nhap-lieu", "3-tai-len-va-doc-ket-qua"): "uploads many corrections returned holding",
    ("nguoi-nhap-lieu", "4-giai-trinh-va-trinh-duyet"): "submissions comparing",
    ("nguoi-nhap-lieu", "5-sau-khi-trinh"): "receipts reports own_reports unit_exports pleas remarks reopening",
    ("nguoi-nhap-lieu", "6-phan-viec-cua-phong"): "parts collecting",
    ("nguoi-nhap-lieu", "7-phan-anh-hoi-dap"): "feedback",
    ("nguoi-nhap-lieu", "8-nhap-thay-don-vi-khong-dung-he-thong"): "behalf",
    ("nguoi-nhap-lieu", "9-tap-huan"): "trainings",
    ("lanh-dao", "1-xem-so-lieu-cho-duyet"): "work submissions comparing",
    ("lanh-dao", "2-duyet-gui-bao-cao"): "approving reports",
    ("lanh-dao", "3-khong-duyet-tra-lai"): "remarks",
    ("lanh-dao", "4-sau-khi-gui"): "own_reports receipts",
    ("lanh-dao", "5-uy-quyen-duyet-khi-vang-mat"): "lending",
    ("lanh-dao", "8-tinh-hinh-gui-va-su-dung-he-thong-cua-don-vi"): "history usage",
    ("quan-tri-don-vi", "1-xem-ai-lam-viec-gi"): "staff",
    ("quan-tri-don-vi", "3-thu-hoi-ban-giao"): "handing_over",
    ("quan-tri-don-vi", "4-uy-quyen-duyet-tu-cach-ky"): "capacities lending",
    ("quan-tri-don-vi", "6-chi-tieu-va-bieu-mau-cua-don-vi"): "unit_catalogue",
    ("quan-tri-don-vi", "8-phan-cong-chi-tieu-cho-cac-phong"): "dividing parts",
    ("quan-tri-don-vi", "9-xu-ly-phan-anh"): "feedback_desk",
    ("quan-tri-don-vi", "10-de-xuat-chi-tieu-danh-muc-da-thay-doi"): "proposals changed",
    ("quan-tri-don-vi", "11-bang-dieu-hanh"): "dashboards",
    ("van-phong", "1-mo-ky-phat-bieu-mau"): "periods previews templates",
    ("van-phong", "2-theo-doi-gia-han-dong-nhan"): "board chasing history usage instants pleas outages",
    ("van-phong", "3-tiep-nhan-tra-lai-mo-lai"): "submissions reports reopening amending remarks comparing",
    ("van-phong", "4-tong-hop"): "compiling tracing sources report_files releasing attainments",
    ("van-phong", "5-yeu-cau-dot-xuat-chuyen-de"): "asking answers",
    ("van-phong", "6-danh-muc-bang-bang-tinh"): "catalogue copies regimes working_days due_calendar changed",
    ("van-phong", "8-quy-tac-kiem-tra-doc-chay-thu-ban-hanh"): "rule_lab plausibility",
    ("van-phong", "9-don-vi-cay-lich-su-sap-xep-nhom"): "units unit_groups unit_totals reorganising",
    ("van-phong", "10-nhat-ky"): "log watch",
    ("van-phong", "11-nguoi-va-quyen"): "staff shortages matrix",
    ("van-phong", "13-phan-anh-su-co"): "feedback_desk",
    ("van-phong", "14-nhap-thay-don-vi-khong-dung-he-thong"): "behalf",
    ("van-phong", "15-tap-huan"): "trainings",
    ("van-phong", "16-ra-soat-cua-co-quan-quan-ly-nganh-linh-vuc"): "reviewing",
    ("van-phong", "17-mien-ap-dung-quy-tac-kiem-tra"): "waivers",
    ("van-phong", "18-ap-dung-de-xuat-ve-chi-tieu"): "proposals",
    ("van-phong", "19-ban-bien-tap"): "drafting draft_files draft_asks petitions",
    ("van-phong", "20-thong-bao-chung-lich-nhac-nhat-ky-gui"): "telling",
    ("van-phong", "21-tieu-huy-noi-dung"): "destroying",
    ("dang-nhap", "2-mat-khau-the-nao-la-duoc"): "account",
    ("dang-nhap", "3-xac-thuc-hai-buoc"): "factor",
    ("dang-nhap", "6-danh-cho-van-phong-quy-tac-tai-khoan"): "account_rules",
    ("tai-khoan", "1-quan-tri-don-vi-de-xuat"): "unit_accounts",
    ("tai-khoan", "3-van-phong-ubnd-tinh-thuc-hien"): "account_desk account_slips",
    ("tai-khoan", "4-nhap-danh-sach-tai-khoan-tu-tep-bang-tinh"): "account_import",
    ("thiet-ke-bieu", "1-lay-tep-de-khai"): "designer",
    ("nhap-bieu-chinh-thuc", "2-tai-len-xem-tai-ban-de-xuat"): "official",
}
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    room: tuple(place for place, rooms in _SPOKEN_OF.items() if room in rooms.split())
    for room in {one for rooms in _SPOKEN_OF.values() for one in rooms.split()}
}


def place_of(room: str | None, roles: set[Role]) -> tuple[str, str] | None:
    """The guide and the place that speak of a blueprint's pages, of several the first written for one of the roles."""
    places = PLACES.get(room or "", ())
    return next((one for one in places if roles.intersection(READERS[one[0]])), places[0] if places else None)
