"""From untrusted bytes to a safe picture; also samples, colour maps and drawings."""
