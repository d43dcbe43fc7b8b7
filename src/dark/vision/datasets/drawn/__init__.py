"""Pictures that are drawn, each from numbers of its own, for machines without the real ones."""  # dark-5
