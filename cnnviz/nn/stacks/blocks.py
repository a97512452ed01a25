"""Blocks: layers as users arrange them, before the input is known.

A block knows its own settings; the block before it sets how many channels it takes. A stack is
written compactly, such as "conv16,relu,max2,flatten,dense10,softmax".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from cnnviz.functional.checks import LARGEST, count_of, whole
from cnnviz.nn.layers.layer import Layer, Shape
from cnnviz.nn.layers.parameter import Seed
from cnnviz.nn.stacks.block_kinds import BLOCKS, BlockKind
from cnnviz.nn.stacks.nearest_block import fixed_settings, nearest_block

__all__ = ["MAX_BLOCKS", "Block", "format_stack", "parse_stack"]

MAX_BLOCKS = 48  # VGG-16 has 38
WORD = re.compile(r"([a-z_]{1,20})(\d{1,5})?((?:[a-z]\d{1,4}){0,5})")


@dataclass(frozen=True)
class Block:
    """One block of a stack: the name of its kind, and its settings in the order of the fields.

    Examples
    --------
    >>> block = Block.of("conv", filters=8, kernel=5)
    >>> str(block), block.settings["padding"], block.layer((3, 32, 32), seed=0).factors
    ('conv8k5', -1, '8 × 3 × 5 × 5 + 8')
    """

    name: str
    values: tuple[int, ...] = ()

    @classmethod
    def of(cls, name: str, **settings: int) -> "Block":
        """Return a block, with defaults for all settings not given.

        Raises
        ------
        ValueError
            If there is no such block or setting, or a number is out of range.
        TypeError
            If it is not a whole number.
        """
        if name not in BLOCKS:
            raise ValueError(f"There is no block {name!r}; there are {', '.join(BLOCKS)}.")
        fields = {field.name: field for field in BLOCKS[name].fields}
        values = {key: field.default for key, field in fields.items()}
        for key, value in settings.items():
            if key not in fields:
                raise ValueError(f"{name} has no setting {key!r}; it has {', '.join(fields)}.")
            low, high, number = fields[key].low, fields[key].high, whole(value, key, -LARGEST)
            if not low <= number <= high:
                raise ValueError(f"{key} of {name} must be from {low} to {high}, got {number}.")
            values[key] = number
        return cls(name, tuple(map(int, values.values())))

    @classmethod
    def parse(cls, text: str) -> "Block":
        """Return the block for a word of a stack, or raise ValueError."""
        text = _text(text)
        if text in BLOCKS:  # also relu6, whose 6 is not a setting
            return cls.of(text)
        found = WORD.fullmatch(text)
        if not found or found[1] not in BLOCKS:
            raise ValueError(f"There is no block {text[:24]!r}; there are {', '.join(BLOCKS)}.")
        name, first, rest = found.groups()
        fields = BLOCKS[name].fields
        settings = {}
        if first is not None:
            if not fields:
                raise ValueError(f"{name} has no number.")
            settings[fields[0].name] = int(first)
        for letter, number in re.findall(r"([a-z])(\d+)", rest):
            field = next((field for field in fields[1:] if field.name[0] == letter), None)
            if field is None or field.name in settings:
                raise ValueError(f"{name} cannot have {letter}{number} there.")
            settings[field.name] = int(number)
        return cls.of(name, **settings)

    @classmethod
    def of_layer(cls, layer: Layer) -> "Block":
        """Return the block for such a layer; its weights are not part of it.

        Raises
        ------
        ValueError
            If there is no such block, window or padding is not square, or a setting that no block
            has changes the output.

        Examples
        --------
        >>> from cnnviz.nn import Conv2d, MaxPool2d
        >>> str(Block.of_layer(MaxPool2d(3, 2))), str(Block.of_layer(Conv2d(3, 8, 5, padding=2)))
        ('max3s2', 'conv8k5')
        """
        block = cls.nearest(layer)
        for name, only in fixed_settings(layer).items():
            if layer.settings.get(name, only) != only:
                raise ValueError(
                    f"The block {block.name} has {name} {only}, got {layer.settings[name]}."
                )
        return block

    @classmethod
    def nearest(cls, layer: Layer) -> "Block":
        """Return the block for a layer, ignoring settings that no block has.

        >>> from cnnviz.nn import MaxPool2d
        >>> str(Block.nearest(MaxPool2d(3, 2, ceil_mode=True)))
        'max3s2'
        """
        name, settings = nearest_block(layer)
        return cls.of(name, **settings)

    def __str__(self) -> str:
        kind, settings = self.kind, self.settings
        first = str(self.values[0]) if kind.fields else ""
        return f"{kind.name}{first}" + "".join(
            f"{field.name[0]}{settings[field.name]}"
            for field in kind.fields[1:]
            if settings[field.name] != field.default
        )

    @property
    def kind(self) -> BlockKind:
        """Its kind."""
        return BLOCKS[self.name]

    @property
    def settings(self) -> dict[str, int]:
        """Its settings by name."""
        names = [field.name for field in self.kind.fields]
        return dict(zip(names, self.values, strict=True))

    def with_(self, **settings: int) -> "Block":
        """Return the block with some settings changed."""
        return Block.of(self.name, **{**self.settings, **settings})

    def layer(self, shape: Shape, seed: Seed) -> Layer:
        """Return the layer for an input of `shape`; raise ValueError if it does not fit."""
        maps = len(shape) == 3
        if self.kind.maps and not maps:
            raise ValueError(
                f"{self.kind.title} works on maps, but one row of {count_of(shape[0], 'number')} "
                "comes in: put it before Flatten."
            )
        if self.kind.maps is False and maps:
            raise ValueError(
                f"{self.kind.title} takes one row of numbers, but maps "
                f"{' × '.join(map(str, shape))} come in: add Flatten before it, which turns "
                f"them into {count_of(prod(shape), 'number')}."
            )
        return self.kind.make(shape, self.settings, seed)


def parse_stack(text: str) -> tuple[Block, ...]:
    """Return the blocks of a stack.

    Raises
    ------
    ValueError
        If a word is unknown, a number is out of range, or there are too many blocks.
    TypeError
        If it is not text.

    Examples
    --------
    >>> [block.name for block in parse_stack("conv16,relu,max2")]
    ['conv', 'relu', 'max']
    """
    texts = text.split(",") if _text(text) else []
    if len(texts) > MAX_BLOCKS:
        raise ValueError(f"A stack has at most {MAX_BLOCKS} blocks, got {len(texts)}.")
    return tuple(map(Block.parse, texts))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f'A stack is text, such as "conv16,relu,max2", got {value!r}.')
    return value


def format_stack(blocks: Sequence[Block]) -> str:
    """Return the text of a stack.

    >>> format_stack(parse_stack("conv16k3,relu,max2s1"))
    'conv16,relu,max2s1'
    """
    return ",".join(map(str, blocks))
