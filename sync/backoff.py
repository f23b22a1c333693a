"""Back-off: how long to wait before the next attempt."""

FIRST_DELAY_S = 2.0
LONGEST_DELAY_S = 300.0
LONGEST_RETRY_AFTER_S = 3600.0


def delay_s(
    attempt: int, random_unit: float, retry_after_s: float | None = None
) -> float:
    """Return the seconds to wait after failed attempt number `attempt` (from 0).

    Doubles from 2 s up to 300 s; the upper half is drawn by `random_unit`
    (0 to 1), so that devices that failed together do not return together.
    ``Retry-After`` is a lower bound, honoured up to an hour.
    """
    ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(max(attempt, 0), 16))
    delay = ceiling * (0.5 + 0.5 * random_unit)
    if retry_after_s is None:
        return delay
    floor = min(max(retry_after_s, 0.0), LONGEST_RETRY_AFTER_S)
    return max(delay, floor + FIRST_DELAY_S * random_unit)
