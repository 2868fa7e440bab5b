"""Run a command again and again in processes that kill themselves at a rename, until it ends.

A script: ``python _killed_command.py WORD...`` with the words of an aeviz command. The first two
processes kill themselves at the first rename that they come to, one right before it and one right
after it, the next two at the second, and so on: each goes on from where the former was killed. A
line is printed for each. What is imported is imported once: each process is a fork.
"""

from __future__ import annotations

import os
import signal
import sys

MAX_PROCESSES = 60


def die_at(number: int, *, is_before: bool) -> None:
    """Have this process kill itself at a rename."""
    rename, count = os.replace, 0

    def replace(*args: object, **options: object) -> None:
        nonlocal count
        count += 1
        if count == number and is_before:
            os.kill(os.getpid(), signal.SIGKILL)
        rename(*args, **options)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    os.replace = replace


def main(words: list[str]) -> int:
    """Go on until the command ends by itself, and return its exit code."""
    from aeviz.cli._main import main as command

    for process in range(MAX_PROCESSES):
        number, is_before = 1 + process // 2, process % 2 == 0
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            die_at(number, is_before=is_before)
            os._exit(command(words))
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if status != -signal.SIGKILL:
            print(f"ended with {status}")
            return status
        print(f"killed {'before' if is_before else 'after'} rename {number}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
