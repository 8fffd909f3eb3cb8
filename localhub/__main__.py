"""`python -m localhub`"""

import sys

from localhub.command import main

if __name__ == "__main__":
    sys.exit(main())
