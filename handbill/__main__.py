"""Where Handbill starts: `python3 build.py`, `python -m handbill` and the `handbill` command all pass here.

Before any of the engine is imported it makes sure that the machine has what the command needs: importing the
typesetter without its libraries ends in a traceback. Imports next to nothing at the top: build.py takes
`command` from here at every start.
"""

import sys
from collections.abc import Sequence

DEFAULT = "build"
"""The command that runs where none is named."""

OPTIONS_WITH_VALUE = frozenset({"-C"})
"""The options that may stand before the command with their value as the next argument."""


def command(arguments: Sequence[str]) -> str:
    """The command's name: the first argument that is not an option or an option's value; else the default.

    Only a call for help has no command: "".

    >>> command(["-C", "examples/clinic", "extract", "--quiet"]), command([]), command(["--help"])
    ('extract', 'build', '')
    """
    rest = iter(arguments)
    for argument in rest:
        if argument in OPTIONS_WITH_VALUE:
            next(rest, None)
        elif not argument.startswith("-"):
            return argument
    return "" if {"-h", "--help"} & set(arguments) else DEFAULT


def main() -> None:
    """Run the command line once the machine has what its command needs; exit code 2 if it lacks something.

    A build sees to that itself, for most find that nothing has changed.
    """
    asked = command(sys.argv[1:])
    if asked != DEFAULT:
        from handbill import system

        system.ensure(asked)

    from handbill import cli

    cli.main()


if __name__ == "__main__":
    main()
