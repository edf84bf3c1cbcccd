"""Administrative documents as Nghị định 30/2020 sets them: letterhead, blocks, sections, WordprocessingML."""
