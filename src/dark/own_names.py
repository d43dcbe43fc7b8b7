"""The public names of Dark that PyTorch does not have; all others mean what they mean there."""  # beyond

OWN_NAMES = {
    "Tensor.array": "the NumPy array in which a tensor's numbers are",
    "Tensor.node": "the node that `grad_fn` returns",
    "Tensor.hooks": "a leaf's hooks, by the id of their handles",
    "Generator.words": "the next words of 32 random bits",
    "Generator.long_words": "the next words of 64 random bits",
    "Generator.twister": "NumPy's generator, which computes the words",
    "onnx.OPERATIONS": "the names of the operations that `export` can write",
    "utils.to_torch": "writes a file that torch.load reads",
    "vision.datasets.Carvana": "pictures of cars with masks, as Kaggle's challenge has them",
    "vision.datasets.DrawnCIFAR10": "pictures of ten kinds of things that are drawn, in CIFAR-10's place",
    "vision.datasets.DrawnCars": "pictures of cars that are drawn, with masks",
    "vision.datasets.DrawnFaces": "portraits that are drawn, with the 68 points of their faces",
    "vision.datasets.DrawnScenes": "pictures of people who are drawn, with the boxes of their faces",
    "vision.datasets.LandmarkFolder": "pictures of faces in a folder, with the points in files beside them",
    "vision.datasets.MTFL": "pictures of faces with five points, as their archive unpacks",
}
