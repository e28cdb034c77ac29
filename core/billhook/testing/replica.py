"""Works a contract's cases out in a process of its own and prints digests, one for each case.

Run as ``python -m billhook.testing.replica FILE CLASS``; the contract tests start it with another
hash seed, time zone and locale, and compare.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import cast

from billhook.testing.contract import PluginContract


def main(arguments: list[str]) -> int:
    """Print ``name digest`` for each case of a contract class in a test file."""
    file, name = arguments
    spec = importlib.util.spec_from_file_location("billhook_replica", Path(file))
    if spec is None or spec.loader is None:
        return 2
    sys.path.insert(0, str(Path(file).parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    contract = cast("PluginContract", getattr(module, name)())
    for case_name, digest in contract.digests().items():
        sys.stdout.write(f"{case_name} {digest}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
