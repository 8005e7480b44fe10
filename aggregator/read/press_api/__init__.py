"""Answers of the open-data interface for press releases (data.go.kr, provider 1371000) made entries.

Quirks A1 and H1 to H3: the successor of the policy portal's feeds. It answers in XML or JSON, with
its own envelope or with that of the gateway in front of it, and says what is wrong by a number.
"""
