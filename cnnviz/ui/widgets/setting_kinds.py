"""The kinds of settings: a number, one of a few names, several of them, a switch."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import streamlit as st

from cnnviz.functional.hyperparameter import Hyperparameter
from cnnviz.ui.widgets.settings import Setting

NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,2})?")


@dataclass(frozen=True)
class Number(Setting):
    """A number from `low` to `high`; whole if `step` is."""

    low: float = 0
    high: float = 1
    step: float = 1
    unit: str = ""

    def parse(self, text: str) -> float:
        if not NUMBER.fullmatch(text):
            raise ValueError("a number")
        value = self.nearest(float(text))
        if abs(value - float(text)) > 1e-9:
            raise ValueError(f"from {self.low} to {self.high} in steps of {self.step}")
        return value

    def nearest(self, value: float) -> float:
        """Return the value nearest to `value` that a widget can reach."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        reached = min(self.low + steps * self.step, self.high)
        return int(reached) if isinstance(self.step, int) else round(float(reached), 10)

    def format(self, value: float) -> str:
        return f"{value:.12g}"

    def within(self, state: object) -> float:
        value = state.get("value") if isinstance(state, dict) else None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return self.nearest(value) if number and abs(value) < math.inf else self.value

    @classmethod
    def of(cls, page: str, owner: str, parameter: Hyperparameter) -> "Number":
        """Return the setting of a function's parameter, such as "lab.gaussian.sigma"."""
        return cls(
            f"{page}.{owner}.{parameter.name}",
            parameter.label,
            parameter.default,
            low=parameter.low,
            high=parameter.high,
            step=parameter.step,
            unit=parameter.unit,
        )

    def stepper(self, **kwargs: Any) -> float:
        """Show the number with a minus and a plus."""
        return st.number_input(
            self.label, self.low, self.high, step=self.step, key=self.key, help=self.help, **kwargs
        )


@dataclass(frozen=True)
class Choice(Setting):
    """One of a few names, shown by their titles."""

    options: Mapping[str, str] = field(default_factory=dict)

    def parse(self, text: str) -> str:
        if text not in self.options:
            raise ValueError(f"one of {', '.join(self.options)}")
        return text

    def _show(self, widget: Any, **kwargs: Any) -> str:
        arguments = {"key": self.key, "help": self.help, "format_func": self.options.get}
        return widget(self.label, list(self.options), **{**arguments, **kwargs})

    def segments(self, **kwargs: Any) -> str:
        """Show the names side by side; one is always chosen."""
        return self._show(st.segmented_control, required=True, **kwargs)

    def select(self, **kwargs: Any) -> str:
        """Show the names in a drop-down list."""
        return self._show(st.selectbox, **kwargs)


@dataclass(frozen=True)
class Several(Choice):
    """Some of the names, at least one, in the order of choice."""

    most: int = 8

    def parse(self, text: str) -> Any:  # a tuple instead of a single name
        names = tuple(dict.fromkeys(text.split(",")))
        for name in names:
            super().parse(name)
        if len(names) > self.most:
            raise ValueError(f"at most {self.most}")
        return names

    def format(self, value: Sequence[str]) -> str:
        return ",".join(value)


@dataclass(frozen=True)
class Switch(Setting):
    """On or off."""

    default: bool = False
    TEXTS: ClassVar[Mapping[str, bool]] = {"on": True, "off": False}

    def parse(self, text: str) -> bool:
        if text not in self.TEXTS:
            raise ValueError("on or off")
        return self.TEXTS[text]

    def format(self, value: bool) -> str:
        return "on" if value else "off"

    def toggle(self, **kwargs: Any) -> bool:
        """Show a switch."""
        return st.toggle(self.label, key=self.key, help=self.help, **kwargs)
