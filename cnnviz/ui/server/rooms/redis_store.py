"""Rooms that several processes share, in Redis or Valkey.

A room is a hash that expires; each change is one Lua script, so that guard, fields, version and
announcement happen together or not at all. Processes learn of changes by pub/sub.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from secrets import token_bytes, token_hex
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from cnnviz.ui.server.rooms.cancelling import ended
from cnnviz.ui.server.rooms.guesses import MINUTE, MOST, SALT, digest
from cnnviz.ui.server.rooms.limits import LASTS
from cnnviz.ui.server.rooms.store import OWN, Change, Fields, KeptRoom, Listener, StoreGone

VERSION = "version"
PREFIX = "cnnviz:room:"
TRIES, SALT_KEY = "cnnviz:tries:", "cnnviz:salt"  # digests of addresses, and their salt
PATIENCE = 2.0  # seconds to wait for a reply
MOST_LINES = 8  # without a limit, a class that answers at once would open one connection per person
PULSE = 0.5  # seconds between two pings
# KEYS: room, its photos, and the mark that it has ended. ARGV: seconds it lasts (0: unchanged),
# guard and its value ("": none), announcement, whether the room ends, the number of fields to
# write, each with its value, then fields to remove.
CHANGE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[3] then return -1 end
local count, at = tonumber(ARGV[6]), 7
for i = at + 2 * count, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
for i = at, at + 2 * count - 2, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
if ARGV[1] ~= '0' then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[1])
end
redis.call('PUBLISH', KEYS[1], string.format('%016d', version) .. ARGV[4])
if ARGV[5] == '1' then
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('SET', KEYS[3], '1', 'EX', 10800)
end
return version
"""
# KEYS: room, and the mark that it has ended. ARGV: seconds it lasts, its version, an announcement,
# and fields with their values. An older room is replaced; in that case one version number is
# skipped, so that processes with the older room notice that they have missed a change.
CREATE = """
if redis.call('EXISTS', KEYS[2]) > 0 then return 0 end
local kept, version = redis.call('HGET', KEYS[1], 'version'), tonumber(ARGV[2])
if kept then
  if tonumber(kept) >= version then return 0 end
  version = version + 1
  redis.call('DEL', KEYS[1])
end
for i = 4, #ARGV - 1, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'version', version)
redis.call('EXPIRE', KEYS[1], ARGV[1])
if kept then redis.call('PUBLISH', KEYS[1], string.format('%016d', version) .. ARGV[3]) end
return 1
"""
# KEYS: the wrong codes of an address. ARGV: seconds for which each counts, how many are kept, and
# the name of a new one ("": none). Uses Redis's clock, since the clocks of processes may differ.
TRIED = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return redis.call('ZCARD', KEYS[1])
"""
DIGITS = 16  # bytes of the version in an announcement


class RedisStore:
    """Rooms in Redis, at an address such as redis://redis:6379."""

    def __init__(self, address: str) -> None:
        lines = BlockingConnectionPool.from_url(
            address,
            max_connections=MOST_LINES,
            timeout=PATIENCE,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._redis = Redis(connection_pool=lines)
        self._change = self._redis.register_script(CHANGE)
        self._create = self._redis.register_script(CREATE)
        self._tried = self._redis.register_script(TRIED)
        self._salt = b""
        self._listeners: dict[str, Listener] = {}
        self._hearing: PubSub | None = None

    async def create(self, code: str, fields: Fields, lasts: float, version: int = 0) -> bool:
        """Store a room, unless a room with that code has ended."""
        said = [part for field in fields.items() for part in field]
        keys = [_key(code), _ended(code)]
        words = [max(1, round(lasts)), version, Change().written(), *said]
        return bool(await _asked(self._create(keys, words)))

    async def load(self, code: str) -> KeptRoom | None:
        """Return a room."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hgetall(_key(code))
            pipe.ttl(_key(code))
            told, lasts = await _asked(pipe.execute())
        if not told:
            return None
        fields = {name.decode(): body for name, body in told.items()}
        version = int(fields.pop(VERSION, b"0"))
        return KeptRoom(version, fields, float(lasts))

    async def change(self, code: str, change: Change) -> int | None:
        """Change a room."""
        guard, value = change.guard or ("", b"")
        said = [part for field in change.put.items() for part in field]
        lasts, ends = LASTS if change.sign else 0, int(change.end)
        version = await _asked(
            self._change(
                [_key(code), _photos(code), _ended(code)],
                [lasts, guard, value, change.written(), ends, len(change.put), *said, *change.gone],
            )
        )
        return None if version < 0 else version

    async def listen(self, code: str, listener: Listener) -> None:
        """Call a listener with each change."""
        self._listeners[code] = listener
        if self._hearing is None:
            raise StoreGone
        await _asked(self._hearing.subscribe(_key(code)))

    async def ignore(self, code: str) -> None:
        """Remove the listener for a room."""
        self._listeners.pop(code, None)
        if self._hearing is not None:
            with suppress(StoreGone):
                await _asked(self._hearing.unsubscribe(_key(code)))

    async def keep_photo(self, code: str, photo: bytes, whose: str = OWN) -> None:
        """Store a photo of a room."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(_photos(code), whose, photo)
            pipe.expire(_photos(code), LASTS)
            await _asked(pipe.execute())

    async def photo(self, code: str, whose: str = OWN) -> bytes | None:
        """Return a photo of a room."""
        return await _asked(self._redis.hget(_photos(code), whose))

    async def tried(self, address: str, *, wrong: bool) -> int:
        """Count the wrong codes from an address in the last minute, over all processes."""
        if not self._salt:
            await _asked(self._redis.set(SALT_KEY, token_bytes(SALT), nx=True))
            self._salt = await _asked(self._redis.get(SALT_KEY)) or b""
        key = TRIES + digest(address, self._salt).hex()
        return await _asked(self._tried([key], [int(MINUTE), MOST, token_hex(8) if wrong else ""]))

    async def run(self, changed: Callable[[bool], Awaitable[None]]) -> None:
        """Listen; report when the store is gone and when it is back."""
        while True:
            with suppress(StoreGone):
                await self._hear(changed)
            await changed(False)
            await asyncio.sleep(PULSE)

    async def close(self) -> None:
        """Close all connections."""
        with suppress(RedisError, OSError):
            await self._redis.aclose(close_connection_pool=True)

    async def _hear(self, changed: Callable[[bool], Awaitable[None]]) -> None:
        """Receive announcements until the connection is lost."""
        hearing = self._redis.pubsub()
        try:
            # Subscribe to a channel of our own, so that a connection exists before the first room.
            await _asked(hearing.subscribe(PREFIX, *map(_key, self._listeners)))
            await _asked(self._redis.ping())
            self._hearing = hearing
            await changed(True)
            beat = asyncio.create_task(self._beat(hearing))
            try:
                while not beat.done():
                    heard = await _asked(hearing.get_message(timeout=PULSE))
                    if heard and heard["type"] == "message":
                        self._tell(heard["channel"].decode(), heard["data"])
            finally:
                # otherwise a connection that is being opened would stay open
                await ended(beat)
        finally:
            self._hearing = None
            with suppress(RedisError, OSError):
                await hearing.aclose()

    async def _beat(self, hearing: PubSub) -> None:
        """Return when the store stops answering pings, even if the connection is still open."""
        with suppress(StoreGone):
            while True:
                await asyncio.sleep(PULSE)
                await _asked(self._redis.ping())
                await _asked(hearing.ping())

    def _tell(self, channel: str, data: bytes) -> None:
        if listener := self._listeners.get(channel.removeprefix(PREFIX)):
            listener(int(data[:DIGITS]), Change.read(data[DIGITS:]))


async def _asked(work: Awaitable[Any]) -> Any:  # what Redis answers
    """Wait for Redis's reply; raise StoreGone if none comes."""
    try:
        async with asyncio.timeout(2 * PATIENCE):
            return await work
    except (RedisError, OSError, TimeoutError) as error:
        raise StoreGone from error


def _key(code: str) -> str:
    return PREFIX + code


def _photos(code: str) -> str:
    return f"{PREFIX}{code}:pictures"


def _ended(code: str) -> str:
    return f"{PREFIX}{code}:ended"
