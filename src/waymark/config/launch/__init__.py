"""What `./waymark` does: make the environment, start the database, build, serve, stop, test, back up.

A coalition's volunteer administrator should be able to run Waymark on a spare computer with two words, and to pull the
plug at any moment without harm. So every step here can be repeated, writes a stamp only when it has finished, and explains
a failure in one sentence. Standard library only: this package runs before anything is installed.
"""
