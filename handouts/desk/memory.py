"""What the desk page remembers of a patient: in memory alone, for some minutes, for one browser."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Container
from typing import Final, TypeVar

from msgspec import Struct

#: Nobody at the page for so long, in seconds: what was typed or dropped there is forgotten.
IDLE: Final = 600.0
_MOST_ALIKE: Final = 40
_MOST_BYTES: Final = 600_000_000
_BITS: Final = 128

T = TypeVar("T")


class _Kept(Struct):
    owner: str
    item: object
    size: int


def new_token() -> str:
    """128 random bits that may stand in an address."""
    return secrets.token_urlsafe(_BITS // 8)


class Memory:
    """Items by their token, each of one owner, who is a browser. Any thread may call."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is known."""
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()  # the oldest first
        self._seen: dict[str, float] = {}
        self._ended: dict[str, int] = {}

    def owner(self, browser: str) -> str:
        """Who keeps things now: a browser, with its patient of the moment."""
        return f"{browser}.{self._ended.get(browser, 0)}"

    def end(self, owner: str) -> None:
        """The patient is gone: what is still being made for her is kept no more, either."""
        browser = owner.rpartition(".")[0]
        with self._lock:
            if not self._is_over(owner):
                self._ended[browser] = self._ended.get(browser, 0) + 1
        self.forget(owner)

    def _is_over(self, owner: str) -> bool:
        browser, _, patient = owner.rpartition(".")
        return bool(browser) and patient != str(self._ended.get(browser, 0))

    def keep(self, owner: str, item: object, size: int = 0) -> str:
        """The token of ``item``, of so many bytes. The oldest make room."""
        with self._lock:
            token = new_token()
            if self._is_over(owner):
                return token  # which leads nowhere
            self._seen[owner] = self._clock()
            self._kept[token] = _Kept(owner, item, size)
            kind = type(item)
            alike = [
                key
                for key, one in self._kept.items()
                if one.owner == owner and type(one.item) is kind
            ]
            for key in alike[:-_MOST_ALIKE]:
                del self._kept[key]
            self._make_room(token)
            return token

    def _make_room(self, but: str) -> None:
        held = sum(one.size for one in self._kept.values())
        for key in [key for key, one in self._kept.items() if one.size and key != but]:
            if held <= _MOST_BYTES:
                return
            held -= self._kept.pop(key).size

    def change(self, owner: str, token: str, item: object, size: int = 0) -> bool:
        """``item`` takes the place of the owner's item of that token; False where that is gone."""
        with self._lock:
            found = self._kept.get(token)
            if found is None or found.owner != owner:
                return False
            self._seen[owner] = self._clock()
            self._kept[token] = _Kept(owner, item, size)
            self._make_room(token)
            return True

    def drop(self, owner: str, token: str) -> None:
        """That item of the owner is forgotten."""
        with self._lock:
            if token in self._kept and self._kept[token].owner == owner:
                del self._kept[token]

    def get(self, owner: str, token: str, kind: type[T]) -> T | None:
        """The item of that token, if it is the owner's, of that kind, and still known."""
        self.sweep()
        with self._lock:
            found = self._kept.get(token)
            if found is None or found.owner != owner or not isinstance(found.item, kind):
                return None
            self._seen[owner] = self._clock()
            return found.item

    def forget(
        self, owner: str, but: tuple[type[object], ...] = (), tokens: Container[str] = ()
    ) -> None:
        """Nothing of this owner stays, but what is of the kinds ``but`` or has such a token."""
        with self._lock:
            for token in [key for key, one in self._kept.items() if one.owner == owner]:
                if token not in tokens and not isinstance(self._kept[token].item, but):
                    del self._kept[token]

    def all_of(self, owner: str, kind: type[T]) -> list[T]:
        """The items of that kind, the oldest first. To ask for them is no sign of life."""
        with self._lock:
            items = [one.item for one in self._kept.values() if one.owner == owner]
        return [one for one in items if isinstance(one, kind)]

    def tokens(self, owner: str, kind: type[object]) -> list[str]:
        """Those of the items of that kind, the oldest first."""
        with self._lock:
            kept = [(key, one) for key, one in self._kept.items() if one.owner == owner]
        return [key for key, one in kept if isinstance(one.item, kind)]

    def latest(self, owner: str, kind: type[T]) -> T | None:
        """The newest item of that kind."""
        found = self.newest(owner, kind)
        return found[1] if found else None

    def newest(self, owner: str, kind: type[T]) -> tuple[str, T] | None:
        """The newest item of that kind, and its token. To ask for it is no sign of life."""
        self.sweep()
        with self._lock:
            for token, one in reversed(self._kept.items()):
                if one.owner == owner and isinstance(one.item, kind):
                    return token, one.item
            return None

    def sweep(self) -> None:
        """Forget all of those who were not seen for some minutes."""
        with self._lock:
            late = self._clock() - IDLE
            gone = {owner for owner, seen in self._seen.items() if seen < late}
            for owner in gone:
                del self._seen[owner]
            for token in [key for key, one in self._kept.items() if one.owner in gone]:
                del self._kept[token]

    def __len__(self) -> int:
        return len(self._kept)
