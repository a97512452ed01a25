"""The limits of rooms: how many people, how much they may say, and how long a room lasts."""

MOST_HERE = 1000  # tabs of one room with one process
LASTS = 3 * 3600  # seconds from the last sign of the teacher
ROOMS_A_SECOND, ROOMS_AT_ONCE = 0.5, 60  # rooms that a process opens

# Messages of one tab
A_SECOND, AT_ONCE = 20, 60  # from a follower
LEADS_A_SECOND, LEADS_AT_ONCE = 300, 600  # from the teacher: a cell at 240 frames a second
MAX_TEXT = 8 * 1024  # bytes; the longest message is a link with a drawing
LONGEST_QUERY = 6000

# Questions and answers
LONGEST_TEXT, LONGEST_OPTION = 200, 80  # characters
LARGEST_WEIGHT = 99
LARGEST = 1e12  # the largest number taken as an answer
MOST_CELLS = 1 << 14  # rows or columns of any map
MOST_CHANNELS = 1 << 20  # maps of a row, or numbers of a vector
MOST_KERNELS = 24  # that a gallery of answers shows

# Codes of rooms that are tried
A_MINUTE = 100  # wrong codes from one address that are answered at once
SLOWEST = 20.0  # seconds that an answer waits at most
