"""Powers of ten as they are written: 10⁻⁶."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: float) -> str:
    """Write a whole power of ten.

    >>> power_of_ten(-6), power_of_ten(12), power_of_ten(0)
    ('10⁻⁶', '10¹²', '1')
    """
    return f"10{str(int(exponent)).translate(RAISED)}" if exponent else "1"
