"""Lets the tests run with tensors on a card: `pytest --device standin`, or `--device cuda` on a real one.

The same tests as on the CPU run with "cuda" as the default device. What a test itself converts to NumPy is
copied to main memory first, and what it makes of NumPy's memory is moved to the card; Dark gets no such
help.
"""

import sys
from pathlib import Path

TESTS = Path(__file__).parent

# Tests that have nothing to do with a card, and why.
HOST = {
    "test_api": "names",
    "test_articles": "texts",
    "test_as_torch": "programs of their own",
    "test_augmentation": "pictures are changed before they reach a card",
    "test_backends": "switches",
    "test_benchmarks": "programs of their own",
    "test_carve": "the repository's tools",
    "test_cifar": "files",
    "test_comparison": "programs of their own, and copies in main memory",
    "test_cuda_sources": "NVIDIA's compilers need no card",
    "test_dark_1": "numbers of Python",
    "test_data": "batches are made in main memory",
    "test_dataloader": "batches are made in main memory",
    "test_datasets": "files",
    "test_devices": "what is said where there is no card",
    "test_drawn_cars": "pictures",
    "test_drawn_faces": "pictures",
    "test_drawn_pictures": "pictures",
    "test_drawn_samples": "pictures",
    "test_drawn_scenes": "pictures",
    "test_face_data": "files",
    "test_frechet": "a network on the CPU",
    "test_kernels": "kernels of the CPU",
    "test_kernels_convolution": "kernels of the CPU",
    "test_kernels_normalization": "kernels of the CPU",
    "test_kernels_pooling": "kernels of the CPU",
    "test_kernels_rectification": "kernels of the CPU",
    "test_kernels_upsampling": "kernels of the CPU",
    "test_landmarks": "files",
    "test_onnx": "files, and a runtime on the CPU",
    "test_photos": "files",
    "test_printing": "the text of tensors on the CPU",
    "test_random": "the CPU's numbers; test_gpu_random has the card's",
    "test_repository": "texts",
    "test_resume": "programs of their own",
    "test_samples": "programs of their own",
    "test_scalars": "numbers of Python",
    "test_segmentation_data": "files",
    "test_stages": "programs of their own",
    "test_standin": "the stand-in itself",
    "test_transforms": "pictures are changed before they reach a card",
    "test_warmup": "kernels of the CPU",
}

# Single tests of the same kind.
HOST_TESTS = {
    "test_second_derivatives_of_a_row_are_those_of_finite_differences": "the formulas are the same on a card",
    "test_numpy_functions_on_tensors_are_recorded": "NumPy's own arrays meet tensors",
    "test_einsum_runs_on_arrays_as_numpys": "NumPy's own arrays meet tensors",
    "test_shared_tensors_are_in_the_file_once_and_shared_again": "a tensor and an array share memory",
    "test_who_shares_memory": "a tensor and an array share memory",
    "test_tensors_travel_by_dlpack": "tensors of PyTorch on the CPU",
    "test_dlpack_to_and_from_torch": "tensors of PyTorch on the CPU",
    "test_dlpack_shares_memory": "tensors of PyTorch on the CPU",
    "test_results_along_a_dimension_have_names": "the text of tensors on the CPU",
    "test_a_chain_of_300_000_operations": "what the graph costs, wherever the numbers are",
    "test_28_deep_graphs_and_diamonds_take_one_visit_a_node": "what the graph costs, wherever numbers are",
    "test_14_no_test_car_is_trained_or_validated_with": "pictures",
    "test_14_no_test_picture_is_trained_with": "pictures",
    "test_39_the_library_exists_once_and_hides_no_error": "the repository",
    "test_19_crops_have_the_size_asked_for_and_rotated_masks_stay_binary": "pictures are changed on the CPU",
    "test_21_an_epoch_of_detection_ends_with_its_measures_and_a_checkpoint": "a run with --device cpu",
    "test_24_the_trained_landmark_network_takes_a_photograph_of_any_size": "a run with --device cpu",
    "test_31_what_the_wheel_installs_can_be_imported_all_of_it": "a program of its own",
    "test_36_tensors_have_operators_indices_and_batched_products": "it asks whether a tensor is on the CPU",
    "test_37_both_versions_of_a_sample_are_one_program_and_one_network": "PyTorch's random numbers",
}


def use(device):
    """Make "cuda" the default device, on a card or on the stand-in; returns why it can't be, or None."""
    import standin

    if device == "standin":
        standin.install()
    import dark

    try:
        dark.set_default_device("cuda")
        dark.zeros(1)
    except RuntimeError as error:
        dark.set_default_device(None)
        return str(error)
    dark.backends.cudnn.allow_tf32 = False  # products are compared with the CPU's
    help_tests(dark)
    return None


def on_card(item):
    """Whether a test can run on a card.

    Those of single samples run them with --device cpu; test_gpu_samples runs all of them on a card.
    """
    is_of_sample = item.path.stem.startswith("test_sample_")
    return not is_of_sample and item.path.stem not in HOST and item.originalname not in HOST_TESTS


def help_tests(dark):
    """Copy what tests convert, to main memory or from it."""
    numpy, array, from_numpy = dark.Tensor.numpy, dark.Tensor.__array__, dark.from_numpy

    def copied(self, *, force=False):
        if called_from_tests():
            return numpy(self.detach().cpu() if force else self.cpu(), force=force)
        return numpy(self, force=force)

    def converted(self, dtype=None, copy=None):
        return array(self.cpu() if called_from_tests() else self, dtype, copy)

    def moved(ndarray):
        tensor = from_numpy(ndarray)
        return tensor.to(dark.get_default_device()) if called_from_tests() else tensor

    dark.Tensor.numpy, dark.Tensor.__array__, dark.from_numpy = copied, converted, moved


def called_from_tests():
    """Whether the function that asks was called by a test, perhaps by way of NumPy."""
    frame = sys._getframe(2)
    while "/numpy/" in frame.f_code.co_filename.replace("\\", "/"):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    return path.parent == TESTS
