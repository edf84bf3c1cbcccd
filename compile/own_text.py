"""What of a unit's narrative is the text of its report: a letterhead, title or signature of its own is left out.

The unit may have written into its outline, which has them, or into a document of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from compile.story import Block, Grid, Story, Text
from vietnamese.fold import fold
from workbook_templates.official.letterhead import copy

_HEAD = 20  # blocks in which a letterhead, title and addressees are looked for
_LISTED = ("-", "–", "+")  # marks before each of several addressees


def text_of(story: Story, prompts: Collection[str] = ()) -> tuple[Block, ...]:
    """The blocks between addressees and signature, without ``prompts`` of the outline that nobody wrote over."""
    blocks = list(story.blocks)
    end = next((at for at in reversed(range(len(blocks))) if _is_signature(blocks[at])), len(blocks))
    return tuple(
        block
        for block in blocks[_start(blocks[:_HEAD]) : end]
        if not (isinstance(block, Text) and _is_nothing(block, prompts))
    )


def _is_nothing(block: Text, prompts: Collection[str]) -> bool:
    return block.is_empty or block.said in prompts or copy("outline.rules") in block.said


def ends_itself(blocks: Sequence[Block]) -> bool:
    """True when the text already has the sentence a report ends with."""
    return any(isinstance(block, Text) and block.said.endswith("./.") for block in blocks[-3:])


def _start(head: Sequence[Block]) -> int:
    for at in reversed(range(len(head))):
        if _begins(head[at], copy("document.to")):
            after = at + 1
            while after < len(head) and _is_addressee(head[after]):
                after += 1
            return after
    for at, block in enumerate(head):
        if _begins(block, copy("document.kind")):
            return at + 1
    return next((at + 1 for at in reversed(range(len(head))) if _is_letterhead(head[at])), 0)


def _is_addressee(block: Block) -> bool:
    return isinstance(block, Text) and (block.is_empty or block.said.startswith(_LISTED))


def _begins(block: Block, words: str) -> bool:
    return isinstance(block, Text) and fold(block.said).startswith(fold(words))


def _is_letterhead(block: Block) -> bool:
    return _says(block, copy("document.country"))


def _is_signature(block: Block) -> bool:
    return _says(block, copy("document.recipients"))


def _says(block: Block, words: str) -> bool:
    return isinstance(block, Grid) and fold(words) in fold(" ".join(text.said for text in block.texts))
