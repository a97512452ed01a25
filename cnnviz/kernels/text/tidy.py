"""Reduce many ways of writing to one: look-alike signs, fractions, comments, LaTeX."""

import re
import unicodedata

_ALIKE = {
    "-": "−‐‑‒–—―﹣－",
    "*": "×✕✖⋅·•∗＊",
    "/": "÷∕⁄／",
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠│┌┐└┘",
    "'": "‘’′",
    '"': "“”",
    "\n": "\r\u2028\u2029\x0b\x0c",
    "": "\ufeff\u200b\u200c\u200d\u2060",
}
_CHARACTERS = {ord(one): plain for plain, many in _ALIKE.items() for one in many}
_CHARACTERS |= {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in _CHARACTERS
}
_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
_MIXED = re.compile(f"(?<![.0-9{_VULGAR}])([0-9]{{0,6}})([{_VULGAR}])(?![.0-9{_VULGAR}])")
_RAISED = re.compile("(?<![⁰¹²³⁴-⁹])([⁰¹²³⁴-⁹]{1,6})[⁄/]([₀-₉]{1,6})")
# A comment begins after a space, a comma or a bracket, so 10% and 1//9 contain none. A comment that
# is only a number is kept: it may be a division. All patterns are bounded, so time grows linearly.
_COMMENT = re.compile(
    r"/\*[\s\S]{0,2000}?\*/|(?:^|(?<=[\s;,\]})]))(?:#|//|%)(?![ \t]*[\d.]{1,40}[ \t]*$).*$",
    re.MULTILINE,
)
_CONTINUED = re.compile(r"(?<=[\s;,])\.\.\.[ \t]*\n")  # as MATLAB does
_GO = re.compile(r"(?:\[\d{0,3}\]){1,4}[a-z]\w{0,9}(?=\s{0,9}\{)")  # Go types: [3][3]float64
_PRINTED = re.compile(
    r"grad_fn=<[^>]{0,80}>|^Parameter containing:|^>>> |^\.\.\. |^(?:In |Out)\[\d{1,6}\]: ?",
    re.MULTILINE,
)
_LATEX = [
    (re.compile(r"\\[dt]?frac\s*\{([^{}]{0,99})\}\s*\{([^{}]{0,99})\}"), r"(\1)/(\2)"),
    (re.compile(r"\\[dt]?frac\s*(\d)\s*(\d)"), r"\1/\2"),
    (re.compile(r"\\begin\{(?:[pbBvV]?|small)matrix\*?\}(?:\[[^\]]{0,9}\])?"), "["),
    (re.compile(r"\\begin\{array\}\s*(?:\{[^{}]{0,99}\})?"), "["),
    (re.compile(r"\\end\{(?:(?:[pbBvV]?|small)matrix\*?|array)\}"), "]"),
    (re.compile(r"\\(?:begin|end)\{(?:equation|align|aligned|displaymath|gather|split)\*?\}"), " "),
    (re.compile(r"\\(?:left|right|[bB]ig+[lr]?)\s*(?:\\[{}]|[.|()\[\]])"), " "),
    (
        re.compile(
            r"\\phantom\{[^{}]{0,99}\}|\\(?:text|mathrm|mathbf|bm|boldsymbol|label)\{[^{}]{0,99}\}"
        ),
        " ",
    ),
    (re.compile(r"\\\\(?:\[[^\]]{0,9}\])?"), ";"),
    (re.compile(r"\\(?:times|cdot|ast)(?![A-Za-z])"), "*"),
    (re.compile(r"\\(?:hline|quad|qquad|displaystyle|,|;|!|:|\[|\]|\(|\)|\s)"), " "),
    (re.compile(r"[$]"), " "),
    (re.compile(r"&"), ","),
]


def tidy(text: str) -> str:
    r"""Return the text in plain characters, without comments, and LaTeX as brackets.

    Examples
    --------
    >>> tidy("−1½ × [1 2]  % my own"), tidy(r"\tfrac{1}{9} \begin{bmatrix} 1 & 2 \end{bmatrix}")
    ('-3/2 * [1 2]', '(1)/(9) [ 1 , 2 ]')
    """
    text = _RAISED.sub(_lowered, text)
    text = _MIXED.sub(_mixed, text).replace("\r\n", "\n").translate(_CHARACTERS)
    if "\\" in text:
        text = _from_latex(text)
    text = _PRINTED.sub("", _COMMENT.sub("", _CONTINUED.sub(" ", text)))
    text = _GO.sub("", text)
    return text.strip(" \n;")


def _mixed(match: re.Match[str]) -> str:
    """Return 3/2 for 1½."""
    above, below = unicodedata.normalize("NFKC", match[2]).split("⁄")
    return f"{int(match[1] or 0) * int(below) + int(above)}/{below}"


def _lowered(match: re.Match[str]) -> str:
    """Return 1/9 for ¹⁄₉."""
    return "/".join(unicodedata.normalize("NFKC", digits) for digits in match.groups())


def _from_latex(text: str) -> str:
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    if command := re.search(r"\\([A-Za-z]+|.)", text):
        raise ValueError(
            f"The LaTeX command “\\{command[1]}” is not supported: write the rows alone."
        )
    return re.sub(r"[{}]", " ", text)
