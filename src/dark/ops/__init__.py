"""The operations, a file for each family; every one is a function, most are methods of Tensor too."""
