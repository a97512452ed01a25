"""The names that programs import from the package stay importable, wherever the code moves."""

import inspect
import re
import subprocess
import sys

import numpy as np
import pytest

import cnnviz
import cnnviz.nn
from cnnviz.images.loading import encode_png

# The names in __all__ in version 0.1.
CNNVIZ = """
    ACTIVATIONS KERNELS Activation Kernel Picture PictureError avg_pool2d batch_norm conv2d
    conv2d_definition conv_transpose2d elu format_kernel gelu global_avg_pool2d
    global_max_pool2d leaky_relu load_picture max_pool2d output_size parse_kernel prelu
    receptive_field relu same_padding selu sigmoid silu softmax softplus tanh
"""
NN = """
    BLOCKS FILTERS INITIALISATIONS METHODS MODELS PRESETS SGD Activation Adam AvgPool2d
    BatchNorm2d Block BlockKind Conv2d Covered Dataset Diagnosis Evaluation Flatten
    KernelLesson Layer Linear MaxPool2d Moment Parameter Preset Rivals Row Sequential Sight
    Signal Softmax Stack Trainer alexnet classifier covered_scores cross_entropy
    digit_from_drawing digits draw_shapes evaluate fill fit_kernel fitted format_stack
    from_drawing from_picture grad_cam held_out layer_names lenet5 occlusion parse_stack
    rivals saliency shape_from_drawing shift_about signals small_cnn subject_of trained vgg16
"""


def test_every_public_name_of_the_first_version_is_still_there():
    for package, names in (cnnviz, CNNVIZ), (cnnviz.nn, NN):
        assert set(names.split()) <= set(package.__all__)


def test_every_public_name_stands_for_something():
    for package in cnnviz, cnnviz.nn:
        assert [name for name in package.__all__ if not hasattr(package, name)] == []


def test_every_public_function_names_the_errors_that_it_raises():
    silent = [
        name
        for package in (cnnviz, cnnviz.nn)
        for name in package.__all__
        if inspect.isfunction(made := getattr(package, name))
        and "raise " in inspect.getsource(made).replace(made.__doc__, "")
        and not re.search("Error|errors", made.__doc__)
    ]
    assert silent == []


def test_names_of_the_first_version_are_those_of_today():
    assert cnnviz.nn.trained is cnnviz.nn.pretrained
    assert cnnviz.nn.shift_about is cnnviz.nn.random_shift
    assert cnnviz.nn.KernelLesson is cnnviz.nn.KernelFitting


def test_the_networks_need_no_import_of_their_own():
    code = "import cnnviz; print('nn' in dir(cnnviz), cnnviz.nn.Flatten().output_shape((2, 3, 4)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True (24,)\n"


def test_other_names_are_still_missing():
    with pytest.raises(AttributeError, match="module 'cnnviz' has no attribute 'conv3d'"):
        cnnviz.conv3d  # noqa: B018 - that it is asked for is the test


def test_a_picture_is_loaded_by_the_names_of_the_arguments():
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    picture = cnnviz.load_picture(data=encode_png(pixels), name="four")
    assert picture.name == "four"
    np.testing.assert_array_equal(picture.pixels, pixels)
