"""What the dashboard may read. Every function takes a Viewer first, and gives back frozen rows of what they may see.

No page ever groups the log: the two clocks are columns of the person. Names are sealed, so lists are filtered, ordered
and counted on plain columns, and only the page that is shown is opened.
"""

from storage.store import StoreBusyError
from storage.unit import Unit

__all__ = ["StoreBusyError", "Unit"]
