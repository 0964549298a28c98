"""`make migration NAME=…`: drafts the next numbered migration from what the tables have become."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory

from ivr.store.engine import open_engine, writing
from ivr.store.migrations import alembic_config, upgrade


def draft(name: str) -> None:
    """Write versions/NNNN_name.py: the difference between the migrations so far and the tables."""
    config = alembic_config()
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'draft.db'}")
        upgrade(engine)
        config.set_main_option("file_template", f"{number:04d}_%%(slug)s")
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.revision(config, name, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    draft(sys.argv[1])
