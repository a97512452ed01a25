"""Networks: sequences of layers, how they learn, and what can be seen inside a trained one.

>>> from cnnviz.nn.training.datasets import digits
>>> from cnnviz.nn.pretrained import pretrained
>>> network, data = pretrained("digits"), digits()
>>> network.forward(data.images[:5]).argmax(axis=1).tolist(), data.labels[:5].tolist()
([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
"""

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.loading import load_model
from cnnviz.nn.formats.model import Model
from cnnviz.nn.formats.read_model import read_model
from cnnviz.nn.inspection.ascent import climb
from cnnviz.nn.inspection.attribution import (
    Covered,
    Rivals,
    covered_scores,
    grad_cam,
    occlusion,
    rivals,
    saliency,
)
from cnnviz.nn.inspection.class_map import class_map
from cnnviz.nn.inspection.classifiers import classifier, viewed
from cnnviz.nn.inspection.fooling import fooled, fooling_noise
from cnnviz.nn.inspection.inputs import (
    fitted,
    from_drawing,
    from_picture,
    held_out,
    subject_of,
)
from cnnviz.nn.inspection.occlusion import cover_step_by_step
from cnnviz.nn.inspection.photos import photo_input
from cnnviz.nn.inspection.preactivation import sum_behind
from cnnviz.nn.inspection.stages import Stages
from cnnviz.nn.layers.affine import Affine, PReLU
from cnnviz.nn.layers.branches import Parallel, Residual
from cnnviz.nn.layers.channels import SelectChannels
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.gated import Gated
from cnnviz.nn.layers.layer import Layer, Sight
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.padding import Pad2d
from cnnviz.nn.layers.parameter import INITIALISATIONS, Parameter
from cnnviz.nn.layers.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnnviz.nn.layers.transposed import ConvTranspose2d
from cnnviz.nn.layers.upsampling import Upsample
from cnnviz.nn.network import Sequential
from cnnviz.nn.pretrained import MODELS, pretrained
from cnnviz.nn.stacks.block_kinds import BLOCKS, BlockKind
from cnnviz.nn.stacks.blocks import Block, format_stack, parse_stack
from cnnviz.nn.stacks.filters import FILTERS, fill
from cnnviz.nn.stacks.presets import PRESETS, Preset, alexnet, lenet5, small_cnn, vgg16
from cnnviz.nn.stacks.squeezenet import squeezenet
from cnnviz.nn.stacks.stack import Stack
from cnnviz.nn.summary import Row, layer_names
from cnnviz.nn.training.datasets import (
    Dataset,
    digit_from_drawing,
    digits,
    draw_shapes,
    shape_from_drawing,
)
from cnnviz.nn.training.diagnosis import Diagnosis, Signal, signals
from cnnviz.nn.training.kernel_fitting import METHODS, KernelFitting, fit_kernel
from cnnviz.nn.training.loss import cross_entropy
from cnnviz.nn.training.optimisers import SGD, Adam
from cnnviz.nn.training.softmax_regression import fit_head, leave_one_out
from cnnviz.nn.training.trainer import Evaluation, Moment, Trainer, evaluate, random_shift
from cnnviz.nn.training.transfer import features_of, with_head

shift_about = random_shift  # its name up to 0.1
KernelLesson = KernelFitting  # likewise
trained = pretrained  # likewise

__all__ = [
    "BLOCKS",
    "FILTERS",
    "INITIALISATIONS",
    "METHODS",
    "MODELS",
    "PRESETS",
    "SGD",
    "Activation",
    "Adam",
    "Affine",
    "AvgPool2d",
    "BatchNorm2d",
    "Block",
    "BlockKind",
    "Conv2d",
    "ConvTranspose2d",
    "Covered",
    "Dataset",
    "Diagnosis",
    "Dropout",
    "Evaluation",
    "Flatten",
    "Gated",
    "GlobalAvgPool2d",
    "GlobalMaxPool2d",
    "KernelFitting",
    "KernelLesson",
    "Layer",
    "Linear",
    "MaxPool2d",
    "Model",
    "ModelError",
    "Moment",
    "PReLU",
    "Pad2d",
    "Parallel",
    "Parameter",
    "Preset",
    "Residual",
    "Rivals",
    "Row",
    "SelectChannels",
    "Sequential",
    "Sight",
    "Signal",
    "Softmax",
    "Stack",
    "Stages",
    "Trainer",
    "Upsample",
    "alexnet",
    "class_map",
    "classifier",
    "climb",
    "cover_step_by_step",
    "covered_scores",
    "cross_entropy",
    "digit_from_drawing",
    "digits",
    "draw_shapes",
    "evaluate",
    "features_of",
    "fill",
    "fit_head",
    "fit_kernel",
    "fitted",
    "fooled",
    "fooling_noise",
    "format_stack",
    "from_drawing",
    "from_picture",
    "grad_cam",
    "held_out",
    "layer_names",
    "leave_one_out",
    "lenet5",
    "load_model",
    "occlusion",
    "parse_stack",
    "photo_input",
    "pretrained",
    "random_shift",
    "read_model",
    "rivals",
    "saliency",
    "shape_from_drawing",
    "shift_about",
    "signals",
    "small_cnn",
    "squeezenet",
    "subject_of",
    "sum_behind",
    "trained",
    "vgg16",
    "viewed",
    "with_head",
]
