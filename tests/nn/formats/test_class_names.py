import json
from string import ascii_lowercase

import pytest

from cnnviz.nn.formats.class_names import class_names


@pytest.mark.parametrize(
    "text",
    [
        '["cat", "dog"]', "['cat', 'dog']", "('cat', 'dog')", "[cat, dog]", "['cat' 'dog']",
        "cat, dog", "cat\ndog",
        "0: cat\n1: dog", "{0: 'cat', 1: 'dog'}", '{"1": "dog", "0": "cat"}',
        "{'cat': 0, 'dog': 1}", '{"dog": 1, "cat": 0}',
    ],
)  # fmt: skip
def test_names_are_read_however_a_program_prints_them(text):
    assert class_names(text) == ("cat", "dog")


def test_a_mapping_that_is_sorted_as_text_is_read_in_the_order_of_its_numbers():
    told = json.dumps(
        {str(number): name for number, name in enumerate(ascii_lowercase)}, sort_keys=True
    )
    assert class_names(told) == tuple(ascii_lowercase)


def test_a_comma_or_an_apostrophe_inside_a_name_belongs_to_it():
    names = ("tench, Tinca tinca", "jack-o'-lantern", "don't")
    for told in repr(list(names)), repr(dict(enumerate(names))), json.dumps(names):
        assert class_names(told) == names
    assert class_names(r"['don\'t', 'cat']") == ("don't", "cat")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "{:", "[" * 100_000, "5", '{"a": {"b": 1}}', "('"]
)
def test_text_without_names_gives_none_or_its_words(text):
    assert all(isinstance(name, str) and name for name in class_names(text))
