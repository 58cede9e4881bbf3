"""The console script `matcher`: a table of commands, each loaded only when it is used.

`matcher --help` must answer at once, so this module imports nothing of ours and nothing heavy.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("site", "Serve the site, with its worker in a process beside it."),
        "work": ("site", "Run the worker alone: it matches and delivers mails."),
        "migrate": ("house", "Bring the database to the present version."),
        "doctor": ("house", "Say in sentences what is wrong with the settings, and what to do."),
        "start": ("programmes", "Make a programme with an open cycle."),
        "import": ("people", "Import people from CSV files (try it with --dry-run first)."),
        "match": ("matching", "Close a cycle, match it, and show the draft."),
        "publish": ("matching", "Publish the newest draft of a cycle."),
        "check-in": ("care", "Ask everybody in a running cycle how it goes, now."),
        "handler": ("care", "Let somebody receive a programme's confidential requests for help."),
        "repair": ("repairing", "Find the smallest change after somebody left or came late."),
        "export-problem": ("matching", "Write the problem file of a cycle's newest run."),
        "report": ("reporting", "Show a published cycle's fairness report; make it again and compare."),
        "replay": ("replay", "Solve a problem file twice, in two processes, and compare the plans."),
        "erased": ("forgetting", "Print whom we erased; keep it beside the backups."),
        "erase-again": ("forgetting", "After a backup was brought back: erase whom it still knows."),
        "sign-in-link": ("people", "Print a sign-in link for a person, when mail does not work yet."),
    }
)


class Commands(click.Group):
    """The table above as a click group."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order of the table: as a person would need them."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """The command, from its module in `web.commands`; None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"web.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """The list of commands, without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evenhand", prog_name="matcher")
def main() -> None:
    """Evenhand matches mentors, mentees and peers. Settings come from the environment (see README)."""


if __name__ == "__main__":
    main()
