"""Which letter a shop sends: its own, else ours. Apart from `templates.py`, whose previews draw cards."""

from crossbay.domain.contact import MessageKind
from crossbay.domain.template import Template
from crossbay.store.reads import Reads
from crossbay.store.templates import read_template


def letter_template(reads: Reads, organization_id: str, shop_id: str, kind: MessageKind) -> Template:
    """The shop's own letter, else the default one."""
    from crossbay.rendering.template import default_template

    kept = read_template(reads, organization_id, shop_id, kind)
    return kept.template if kept else default_template(kind)
