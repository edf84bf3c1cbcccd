"""The ways a unit's workbook can be made, all with the same outcome."""

from enum import StrEnum


class Stamp(StrEnum):
    """How workbooks are made (``BAOCAO_STAMP``)."""

    SLOTS = "slots"  # the holes of the base's deflate streams are filled
    REDEFLATE = "redeflate"  # the changed parts are deflated anew
    FULL = "full"  # every workbook is built by xlsxwriter
