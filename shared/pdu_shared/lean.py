"""Imported before everything else by a program that should start fast; it imports nothing itself.

A quarter of the processor time of its imports went into packages that nobody asked for, and into
looking for garbage among what was only just made. `running.py` turns the collector on again.
"""

import gc
import os
import sys

# All of them optional where they are imported: structlog and httpx would print in colours, FastAPI
# would tell models of pydantic's first version apart.
SPARED = ("pydantic.v1", "pygments", "rich")

gc.disable()
sys.modules.update(dict.fromkeys(SPARED))  # type: ignore[arg-type] # None: there is no such module
# None of our packages brings plugins for pydantic, and looking for them reads all metadata.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
