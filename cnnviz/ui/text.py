"""How numbers are written on the screen."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 4) -> str:
    """Write a number with a true minus sign and at most `digits` significant digits.

    Whole numbers are written in full.

    Examples
    --------
    >>> number(-955), number(0.123456), number(113.66), number(2.7e-12)
    ('−955', '0.1235', '113.7', '2.7·10⁻¹²')
    """
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}·10{str(int(exponent)).translate(RAISED)}"
    return ("0" if text == "-0" else text).replace("-", "−")


def percent(share: float) -> str:
    """Write a share from 0 to 1 in percent; only nothing is 0 % and only all is 100 %.

    Examples
    --------
    >>> percent(0.5234), percent(0.001), percent(1.0)
    ('52 %', '< 1 %', '100 %')
    """
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"
