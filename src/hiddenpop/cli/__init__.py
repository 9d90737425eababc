"""The command ``hiddenpop``.

Exit status: 0 with an answer, 3 when it is refused, 2 for bad input, 130 when it was stopped with nothing done.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hiddenpop.cli.output import REFUSED, STOPPED, WRONG, fail
from hiddenpop.cli.parser import build_parser
from hiddenpop.methods import BOOTSTRAPPED_METHOD, DEFAULT_METHOD

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``hiddenpop``; those of the process unless given.

    Returns
    -------
    int
        The exit status.

    Examples
    --------
    >>> main(["plan", "--population", "1000", "--lists", "3"])
    To know 1,000 people to within a factor of 1.5 (upper over lower end of the 95% interval):
      3 lists: each must reach 14.5% of them, 145 people
    0
    """
    options = build_parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    if getattr(options, "method", "") is None:
        # The default has no bootstrap; whoever asks for one and names no method gets the one made for it.
        options.method = BOOTSTRAPPED_METHOD if getattr(options, "bootstrap", None) else DEFAULT_METHOD
    # Imported here: --help must not wait for SciPy.
    from hiddenpop.results import Refusal
    from hiddenpop.simulate.mapping import NoCluster

    try:
        return int(options.run(options))
    except Refusal as reason:
        return fail(options, str(reason), REFUSED)
    except (OSError, UnicodeDecodeError, ValueError, NoCluster) as error:
        return fail(options, str(error), WRONG)
    except KeyboardInterrupt:
        return fail(options, "stopped; nothing was done yet", STOPPED)
