"""Drawn vehicles and animals, the scenery around them, and the camera that sees both."""  # dark-5
