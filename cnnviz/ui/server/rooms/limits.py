"""The limits of rooms: number of people, size and rate of messages, and lifetime."""

MOST_HERE = 1000  # tabs of one room in one process
LASTS = 3 * 3600  # seconds since the teacher was last active
ROOMS_A_SECOND, ROOMS_AT_ONCE = 0.5, 60  # rooms that a process may open
MOST_ROOMS = 1000  # in the memory of one process; showing the Lab, a room takes 0.25 MB

# Messages of one tab
A_SECOND, AT_ONCE = 20, 60  # from a follower
LEADS_A_SECOND, LEADS_AT_ONCE = 300, 600  # from the teacher: a cell at 240 frames a second
MAX_TEXT = 8 * 1024  # characters; the longest message is a link with a drawing
LONGEST_QUERY = 6000  # characters

# Questions and answers
LONGEST_TEXT, LONGEST_OPTION = 200, 80  # characters
MOST_OPTIONS = 5  # of a choice
LARGEST_WEIGHT = 99
LARGEST = 1e12  # the largest number taken as an answer
MOST_CELLS = 1 << 14  # more rows or columns than any map has
MOST_CHANNELS = 1 << 20  # maps in a row of an overview, or numbers in a vector
MOST_KERNELS = 24  # kernels in a gallery of answers

# Wrong room codes
A_MINUTE = 100  # wrong codes from one address that are answered without delay
SLOWEST = 20.0  # the longest delay of a response, in seconds
