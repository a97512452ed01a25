"""Networks: layers in a row, how they learn, and what can be seen inside a trained one."""

from cnnviz.nn.convolution import Conv2d
from cnnviz.nn.layer import Layer
from cnnviz.nn.network import Sequential
from cnnviz.nn.normalisation import BatchNorm2d
from cnnviz.nn.parameter import Parameter
from cnnviz.nn.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.pooling import AvgPool2d, MaxPool2d
