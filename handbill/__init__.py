"""Handbill: printable guides and a website from the same Markdown and the same translations."""
