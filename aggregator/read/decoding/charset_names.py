"""The charsets that an operator may force."""

CHARSETS = (
    "big5",
    "cp949",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "iso-8859-1",
    "shift_jis",
    "utf-8",
    "windows-1252",
)
"""By the names that the configuration knows."""
