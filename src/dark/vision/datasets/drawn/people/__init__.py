"""A drawn person: a head in space, its features, hair and clothes, and the picture around it."""  # dark-5
