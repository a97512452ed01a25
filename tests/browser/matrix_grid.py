"""The grid of numbers on a page of its own, without a server."""

from functools import partial

from cnnviz.kernels.text import MAX_CHARACTERS
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix
from cnnviz.ui.widgets.number_grid import tables
from tests.browser.alone import Alone, mounting

SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]

# Sends a clipboard event to the selected cell, as the browser would after a key.
CLIPBOARD = """([name, text]) => {
  const clipboardData = new DataTransfer()
  if (text) clipboardData.setData("text/plain", text)
  const event = new ClipboardEvent(name, { clipboardData, bubbles: true, cancelable: true })
  document.activeElement.shadowRoot.activeElement.dispatchEvent(event)
  return clipboardData.getData("text/plain")
}"""


class Grid(Alone):
    """The component, with a kernel to edit."""

    def __init__(self, page, **data):
        standard = {
            "label": "Own kernel",
            "help": None,
            "rows": SHARPEN,
            "divisor": 1,
            "highest": 15,
            "largest": 10**6,
            "longest": MAX_CHARACTERS,
            "low": None,
            "high": None,
            "table": tables("kernel"),
            "turn": 0,
            "unread": "",
        }
        super().__init__(page, "matrix", {**standard, **data})

    def cell(self, row, column):
        return self.page.get_by_label(f"row {row}, column {column}", exact=True)

    def paste(self, text):
        """Paste a text, which the server reads and answers."""
        self.page.evaluate(CLIPBOARD, ["paste", text])
        sent, divided = self.sent[-1], self.data["divisor"] is None
        cells = Cells.of(sent["matrix"], sent["divisor"])
        try:
            setting = Matrix("page.own", "Own kernel", None, highest=self.data["highest"])
            cells = setting.pasted(cells, sent["pasted"], tuple(sent["range"]), divided=divided)
            unread = ""
        except ValueError as error:
            unread = str(error)
        divisor = None if divided else cells.divisor
        self.answer(rows=cells.rows, divisor=divisor, turn=sent["turn"], unread=unread)

    def copy(self):
        """Return what Ctrl+C would copy."""
        return self.page.evaluate(CLIPBOARD, ["copy", ""])

    @property
    def last(self):
        return self.sent[-1]["matrix"]

    @property
    def shown(self):
        rows = self.page.get_by_role("row").all()
        return [[cell.input_value() for cell in row.get_by_role("textbox").all()] for row in rows]

    @property
    def focused(self):
        return self.page.evaluate("document.activeElement?.shadowRoot?.activeElement?.ariaLabel")


grids = partial(mounting, kind=Grid)
