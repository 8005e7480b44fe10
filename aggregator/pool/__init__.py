"""Documents read in child processes: what one does to its reader costs that document alone.

``process`` is the parent's side, ``template`` the process that imports once and forks the readers,
``child`` what a reader does, ``limits`` what it may use, ``wire`` what both sides say to each other.
The room knows nothing about reading itself: bootstrap names the function that reads.
"""
