"""Every diagnostic that Handbill can give, each built by one named function.

A diagnostic's code never changes once released; its fact is one sentence and its hint says what to do.
Functions are grouped by the phase that gives them. Nothing here reads or writes.
"""

from __future__ import annotations

from handbill.model import Diagnostic, Place


def _error(code: str, place: Place, fact: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", place, fact, hint)


def _warning(code: str, place: Place, fact: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "warning", place, fact, hint)


# --- load ------------------------------------------------------------------------------------------


# --- parse -----------------------------------------------------------------------------------------


# --- read (PO) -------------------------------------------------------------------------------------


# --- extract and merge -----------------------------------------------------------------------------


# --- plan and render -------------------------------------------------------------------------------


# --- typeset and impose ----------------------------------------------------------------------------


# --- audit -----------------------------------------------------------------------------------------
