"""One form of one unit in one period as its page shows it, gathered part by part."""

from webui.submission.page import gathered

__all__ = ["gathered"]
