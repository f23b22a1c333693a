"""Epochs: how a server that was restored from a backup finds out, and says so."""

from collections.abc import Callable, Collection

from sync.receipt import Receipt


def was_restored(
    last_receipt: Receipt | None,
    epoch: int,
    holds: Callable[[Collection[tuple[str, str]]], bool],
) -> bool:
    """Tell whether the server lost what it once attested.

    Parameters
    ----------
    last_receipt : Receipt or None
        The newest receipt that the device holds, verified with our own key.
    epoch : int
        The server's present epoch. A receipt of an earlier one proves
        nothing new: that restoration is known, and its devices are offering
        again what they hold.
    holds : Callable
        Whether every (id, hash) of a set is in the ledger.
    """
    if last_receipt is None or last_receipt.epoch < epoch:
        return False
    return last_receipt.epoch > epoch or not holds(last_receipt.held)


def next_epoch(epoch: int, last_receipt: Receipt | None) -> int:
    """Return the number of the epoch to open: above any that a device has seen."""
    return max(epoch, last_receipt.epoch if last_receipt else 0) + 1
