"""A convolution of one plane without padding, by library: `x` and `kernel` are NumPy arrays."""

# The imports, and the body of a function.
VALID_CONVOLUTION = {
    "PyTorch": (
        "import torch\nimport torch.nn.functional as F\n",
        "    x, weight = (torch.from_numpy(each)[None, None] for each in (x, kernel))\n"
        "    return F.conv2d(x, weight)[0, 0].numpy()",
    ),
    "NumPy and SciPy": (
        "from scipy.signal import correlate2d\n",
        '    return correlate2d(x, kernel, mode="valid")',
    ),
    "Keras": (
        'import keras\n\nkeras.config.set_floatx("float64")  # JAX also needs JAX_ENABLE_X64=1\n',
        "    x, weight = x[None, ..., None], kernel[..., None, None]  # channels last\n"
        '    maps = keras.ops.conv(x, weight, padding="valid", data_format="channels_last")\n'
        "    return keras.ops.convert_to_numpy(maps)[0, ..., 0]",
    ),
}
