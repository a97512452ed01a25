"""SqueezeNet v1.1 by its shapes."""

from cnnviz.nn import Parallel
from cnnviz.nn.stacks.squeezenet import squeezenet


def rows():
    return {row.name: row for row in squeezenet().summary()}


def test_it_has_the_parameters_of_its_source():
    assert sum(row.parameters for row in rows().values()) == 1_235_496


def test_its_maps_halve_five_times_and_each_class_has_one_of_13_by_13():
    shapes = [rows()[name].output_shape for name in ("conv1", "pool1", "pool3", "pool5", "conv10")]
    assert shapes == [(64, 111, 111), (64, 55, 55), (128, 27, 27), (256, 13, 13), (1000, 13, 13)]


def test_a_module_squeezes_and_expands_on_two_ways():
    found = rows()
    assert found["fire2 squeeze"].factors == "16 × 64 × 1 × 1 + 16"
    expand = found["fire2 expand"]
    assert isinstance(squeezenet()[5], Parallel)
    one, three = (branch[-1] for branch in expand.branches)
    assert (one.output_shape, three.output_shape) == ((64, 55, 55), (64, 55, 55))
    assert one.multiply_adds * 9 == three.multiply_adds
    assert (one.receptive_field, three.receptive_field) == (7, 15)


def test_a_cell_of_the_last_maps_sees_most_of_the_photo():
    last = rows()["conv10"]
    # conv 3; pool 3; 3 × 3 twice at jump 4; pool; twice at 8; pool; four times at 16
    assert last.receptive_field == 3 + 4 + 2 * 8 + 8 + 2 * 16 + 16 + 4 * 32
    assert last.jump == 16


def test_the_same_seed_gives_the_same_weights():
    one, again, other = (
        squeezenet(10, seed).parameters()["5.1.0.weight"].value for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any()
