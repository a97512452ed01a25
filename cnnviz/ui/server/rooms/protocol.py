"""The protocol of /room, between the server and the browsers of a class.

**Joining.** The first message of a tab, within ten seconds, is one of

| message | who |
|---|---|
| {"join": "CODE", "me": text} | a follower; `me` comes from an earlier welcome, or is "" |
| {"join": "CODE", "me": text, "free": true} | the same, working alone in the app itself |
| {"lead": "CODE", "key": 32 hex digits, "session": text} | the teacher; several tabs may hold \
the key. `session`, if there is one, names the tab's leading session, see "replaced" |

The server answers

    {"welcome": {"code": "KRTZN", "leads": false, "me": text, "mode": "follow"}}

and then sends the whole state: people, question, result, screen. A tab keeps `me` (localStorage, by
code): it is the tab's identity in this room, signed by the server, and says nothing about the
person. A person who comes back with it still has the answer given before.

**From a follower**

| message | meaning |
|---|---|
| {"got": step} | that step is painted; the next one comes after this |
| {"hidden": true or false} | no steps while the tab is hidden |
| {"free": true or false} | works alone from now on, or follows again |
| {"here": {"page": "lab", "query": text}} | where a free tab is; stays on the server, see "lift" |
| {"answer": n, "value": value} | the answer to question n; a later one replaces it; "question" \
with that "mine" is the receipt |
| {"agree": true or false} | may my screen be shown? see "lift" |

`value` is a number; [row, column] in cells of the board's picture; the index of an option; or
three rows of three whole numbers from -99 to 99.

**From the teacher** ("got" and "hidden" as above, and)

| message | meaning |
|---|---|
| {"cell": {"board", "stage", "row", "column", "chain", "pinned"}} or {"cell": null} | the \
selected cell; send it whenever it changes: only the latest is passed on |
| {"mode": "follow" or "free"} | the class follows, or everyone works alone |
| {"ask": question} | poses a question, which replaces the previous one |
| {"close": n} | no more answers to question n |
| {"show": n} | shows its answers and the truth to everyone; closes it as well |
| {"clear": n} | takes it off all screens, with all its answers |
| {"lift": screen} | asks the owner of a free screen whether it may be shown |
| {"lift": null} | the answer to it has been heard, or is no longer wanted |
| {"end": true} | ends the room for all |

A question has a "kind", may have a "text" (200 characters), and

| kind | fields |
|---|---|
| "number" | "board", "pane", "row", "column": what will this cell of that map be? |
| "point" | "board", "pane": where will the answer of that map be strongest? |
| "choose" | "options": two to five texts of up to 80 characters; "right": index or null |
| "draw" | "board", "pane": which kernel makes that map? null: any kernel, none is wrong |

`board` is the board's name ("lab"), `pane` counts the panes of its message from 0. Where the maps
are those of an overview, `board` is its key ("layers:overview"), `pane` counts its rows, and
"number" and "point" have a "channel" as well: which map of the row, or number of the vector. The
truth is computed when the question is posed, from the board as the room then shows it; if that
fails, the teacher gets an error in one sentence and no question is posed. As long as a question is
open, every screen covers the pane in question, and the panes computed from it. When the page, or
its picture, no longer has the map that was asked about, the answers are shown, as with "show".

**From the server**, in JSON

| message | to | meaning |
|---|---|---|
| {"people": {"inside": 23, "free": 4}} | all | on changes, at most once a second |
| {"mode": "follow" or "free"} | all | the mode that the teacher chose |
| {"question": question or null} | all | with "n", "open", "shown", and "mine": this tab's answer \
or null; without the truth (no "right") |
| {"answers": {"n": 3, "count": 17}} | teacher | live |
| {"expected": 23} | teacher | how many people have answered, or are here and still can |
| {"result": result or null} | all | once shown, see below |
| {"screens": [{"screen": id, "page": "lab"}, …]} | teacher | free tabs, without names |
| {"lift": true or false} | owner of a screen | may it be shown? or: no longer asked |
| {"lifted": {"page", "query", "screen": id}} or {"lifted": null} | teacher | the owner agrees: \
open it in the leading session, and the class follows; null: the owner declines, or is gone; \
repeated to a tab that comes back, until it says {"lift": null} |
| {"replaced": true} | teacher | another session leads now, perhaps since before this tab came \
back: the class follows that one |
| {"error": sentence} | sender | the last request failed |
| {"standing": sentence} | all | the class is paused; "" when it continues |
| {"ended": sentence} | all | the room is over; the server closes with `ENDED` |

A result has "n", "kind", "count", "truth", "mine", "right" (true, false; null: not answered, or
nothing is wrong), "tally", and "moved" (true) if the map asked about is no longer on the page:

| kind | "truth" | "tally" |
|---|---|---|
| "number" | number | [[value, count, right], …] in order of value |
| "point" | [row, column], in cells of the picture | [[row, column, count, right], …] |
| "choose" | index or null | [count of each option] |
| "draw" | null | {"rights": count, "kernels": [{"kernel", "count", "right"}, …], most common \
first, of equally many the right ones, at most 24}; the maps come in a step, as "answers" |

**Steps** are binary: length of the header (uint32, little-endian), header (JSON), and the bodies of
the parts, one after the other. The header has

| word | meaning |
|---|---|
| step | its number; the tab answers {"got": step} once it has painted the step |
| screen | the new screen; missing if unchanged |
| put | list of {"to", "parts"}: the new message for each receiver, whole |
| gone | list of receivers that no longer exist |
| cell | the selected cell, or null; while a cell of a board is asked about, that one; missing if \
unchanged |

The first step after a welcome is the whole screen; each later one holds only the latest values of
what has changed since. The teacher, who has the screen anyway, gets only "answers". A part is one
of

| written as | meaning |
|---|---|
| [SAME, digest] | the tab has it, in the last message of any receiver, from before this step or \
earlier in it |
| [RAW, size, digest] | `size` bytes as they are |
| [DEFLATED, size, packed, digest] | `packed` bytes that inflate (zlib) to `size` |

A digest "" means that no later part refers to this one. A receiver's message is its parts,
concatenated. Receivers are

| to | message |
|---|---|
| "mount:KEY" | the data of the component with that key: bytes, or JSON if its item says so |
| "live:NAME" | an answer of the live channel since the last run, for `hand.receive(NAME)` |
| "answers" | maps of drawn kernels, packed as core/message.js unpacks them |

A run of the teacher's page supersedes earlier answers of the live channel: those receivers are then
"gone", and the mounts have the same maps. "answers" has the header {"height", "width", "limit":
number, "table": {"light": offset, "dark": offset}, "kernelTable": likewise, "offsets": [offset of
each kernel of the tally]}; each plane holds levels of the diverging colour table (256 x 3 bytes),
from -limit to limit; what is beyond is clipped. The weights are coloured by "kernelTable".

The screen is {"page": "lab", "title", "subtitle", "link": the settings as a query, "photo": "" if a
sample is shown, "own" for the teacher's photo, which a free follower gets by "room=CODE", or
"CODE-screen" for the photo of a lifted screen, which a free follower gets by "lifted=CODE-screen";
"items": list}. Its items, in page order, each have a "region": "maps", "bench", "head", "task" or
"":

| kind | fields |
|---|---|
| "stage" | "number", "text": the heading of a stage |
| "sentence" | "text": Markdown, a paragraph about what the page shows |
| "component" | "key", "module": "maps/slot", "html", "json": whether its data is JSON |

**Closing.** 4404: there is no such room, or it is over. 4411: the same, to a tab that says that it
was welcomed before. 4403: wrong key. 4410: ended. 4429: the class is full on this process. 1007,
1008, 1009: not our browser. Anything else means a lost connection: the tab reconnects at once, then
after 0.5, 1, 2, 2 … seconds, and catches up with the class.

**In Python**, for the pages: `cnnviz.ui.server.rooms.leading` has

| function | does |
|---|---|
| open_room() -> Lead | opens a room that this session leads; RoomError with a sentence; call it \
in a callback, or st.rerun() after it: the room first shows a whole run of the page |
| take_up(word, after="") -> Lead | leads again, by "CODE-key"; with `after`, only if the session \
of that name led last; RoomError with a sentence |
| led() -> Lead or None | the room that this session leads: .code, .key, .word ("CODE-key") |
| replaced() -> bool | whether another session has taken the lead from this one; true once |
| leave() | this session stops leading; the room stays open for its three hours |
| picture(code) -> bytes or None | the teacher's own photo at working size, as PNG |
| lend(code, me, png) | stores the photo of a person who has been asked for their screen |
| lifted("CODE-screen") -> bytes or None | the photo of a screen that is shown |

GET BASE/join and BASE/join/CODE answer with static/class/join.html, in which "@base/" stands for
the base path ("/" if there is none), "@modules/" for the versioned static/components/ and "@blank"
for the script that says that this page's own has not come.
"""

import re

ALPHABET = "BCDFGHJKLMNPRSTVWXYZ"  # no look-alikes of 0 and 1; no vowels, so that no code is a word
LETTERS = 5
CODE = re.compile(f"[{ALPHABET}]{{{LETTERS}}}")
KEY = re.compile(r"[0-9a-f]{32}")

NOT_THE_KEY, UNKNOWN, ENDED, GONE, FULL = 4403, 4404, 4410, 4411, 4429
SAME, RAW, DEFLATED = range(3)
MOUNT, LIVE, ANSWERS = "mount:", "live:", "answers"  # receivers
FOLLOW, FREE = "follow", "free"
NUMBER, POINT, CHOOSE, DRAW = "number", "point", "choose", "draw"
