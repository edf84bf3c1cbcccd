"""Every check of the sample catalogue explained; ``python -m tests.rules.explained`` writes the golden file."""

from pathlib import Path

from registry.catalogue.forms import Definitions
from registry.rules.explain import explain
from registry.sample import catalogue

GOLDEN = Path(__file__).with_name("explained.txt")


def told() -> str:
    """Code, formula and sentence of every check, one below the other."""
    whole = catalogue()
    forms = {form.code: form for form in whole.forms}
    definitions = Definitions(
        {one.code: one for one in whole.measures}, {one.code: one for one in whole.indicators}, forms
    )
    return "\n".join(
        f"{rule.form} {rule.code}: {rule.formula}\n    {explain(rule, forms[rule.form], definitions)}\n"
        for rule in whole.rules
    )


if __name__ == "__main__":
    GOLDEN.write_text(told(), encoding="utf-8")
