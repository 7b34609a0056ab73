"""A trial of the model (METHOD point 9): what it holds, and what it lets go afterwards."""
