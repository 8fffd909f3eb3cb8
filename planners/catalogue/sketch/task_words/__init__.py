"""What people say when they ask for one of the Hub's tasks.

A phrase is words in order: `/` stands between words that do as well, `..` for up to a few words in between, a word in
capitals for a group. Behind `;` stands what must be (`+`) or must not be (`-`) anywhere in the request.
The knowledge is about the tasks; it holds nothing of any one request.
"""

from planners.catalogue.sketch.task_words.groups import GROUPS
from planners.catalogue.sketch.task_words.pictures import PICTURES
from planners.catalogue.sketch.task_words.sounds import SOUNDS
from planners.catalogue.sketch.task_words.texts import TEXTS

__all__ = ["GROUPS", "TASKS"]

TASKS = TEXTS | PICTURES | SOUNDS
