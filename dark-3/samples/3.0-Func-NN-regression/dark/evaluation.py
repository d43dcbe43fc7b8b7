"""How good a network is: its heights, and how far they are from the right ones."""

from dark import no_grad


@no_grad()
def predictions(model, points):
    """The network's heights, as a list."""
    model.eval()
    return model(points).tolist()


@no_grad()
def errors(model, points, heights):
    """The root of the mean squared error, and the largest error."""
    model.eval()
    error = model(points) - heights
    return {"test_rmse": (error**2).mean().sqrt().item(), "test_largest_error": error.abs().max().item()}
