"""How the interpreter shares its time, in a process that takes in batches."""

import gc
import sys
from functools import cache

# A signature takes 0.1 ms without the interpreter lock, and must not wait the
# default 5 ms to get it back from a thread that parses.
SWITCH_INTERVAL_S = 0.0001

# A batch makes some 50,000 containers that all die with it, without cycles: by
# default every fourth batch pays for a walk over all that lives (measured: a
# fifth of the time). What is loaded by now stays, and is not walked again.
COLLECT_AFTER = (50_000, 20, 50)


@cache
def prefer_batches() -> None:
    """Let threads take short turns, and collect garbage rarely, in this process.

    Once: what is frozen is never collected, so a second time would keep garbage.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
