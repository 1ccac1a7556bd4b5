"""`make run`: the stack with its logs on the screen, until Ctrl-C or until a part ends."""

from time import monotonic

from agent.local_stack.environment import user_settings
from agent.local_stack.failure import StackError
from agent.local_stack.screen import OWN, Screen
from agent.local_stack.signals import Stopped, until_stopped
from agent.local_stack.stack import local_stack


async def run(screen: Screen) -> int:
    """Run the stack; return 0 after Ctrl-C or SIGTERM, 1 when it could not start or go on."""

    def say_so() -> None:
        screen.line(OWN, "stopping; an encounter in progress has 10 s, Ctrl-C again has none")

    try:
        await until_stopped(_until_a_part_ends(screen), on_first=say_so)
    except Stopped:
        screen.line(OWN, "everything is stopped")
        return 0
    except StackError as error:
        screen.failure(error)
        return 1
    return 1


async def _until_a_part_ends(screen: Screen) -> None:
    began = monotonic()
    async with local_stack(user_settings(), on_line=screen.line, on_ready=screen.ready) as stack:
        screen.summary(stack, seconds=monotonic() - began)
        raise await stack.parts.first_end()
