"""`matcher run` and `matcher work`: the site and the worker."""

import signal
import sys
from types import FrameType
from typing import NoReturn

import click
import waitress

from matcher.jobs.bells import make_huey
from matcher.jobs.beside import WorkerBeside
from matcher.jobs.tasks import Bell
from matcher.jobs.worker import Work, Worker, make_work
from matcher.mail.links import Links
from matcher.mail.wire import python_is_safe
from matcher.store.engine import migrate
from web.app import create_app
from web.commands.opening import UNSAFE_PYTHON, House, opened

THREADS = 8
WORK = (sys.executable, "-m", "web.cli", "work", "--beside")
GOODBYE = "Everything in hand was finished. Goodbye."
LEFT_OVER = "The worker did not finish all it had in hand; the next one takes it up. Goodbye."


@click.command("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def run_command(host: str, port: int) -> None:
    """Serve the site until Ctrl-C, with a worker in a process beside it. Brings the database up to date."""
    with opened() as house:
        _refuse_unsafe_python(house)
        migrate(house.config.database_url)
        huey = make_huey(house.config.database_url, house.config.secret_key)
        app = create_app(house.config, session_factory=house.sessions, ring=Bell(huey))
        try:
            server = waitress.create_server(app, host=host, port=port, threads=THREADS)
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used: {error.strerror}. Try --port."
            ) from error
        signal.signal(signal.SIGTERM, _stop)
        worker = WorkerBeside(WORK, say=_complain)
        try:
            worker.start()
            click.echo(f"Evenhand listens on {host}:{port} for {house.config.base_url}. Ctrl-C ends it.")
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
            finished = worker.stop()
            huey.storage.close()
    click.echo(GOODBYE if finished else LEFT_OVER)


@click.command("work")
@click.option("--beside", is_flag=True, hidden=True, help="As `matcher run` starts it: ends with its input.")
def work_command(beside: bool) -> None:
    """Match and deliver until Ctrl-C or SIGTERM; several workers may run at once, on several machines."""
    with opened() as house:
        _refuse_unsafe_python(house)
        if beside:
            Worker(work_of(house)).run(with_input=sys.stdin.fileno())
            return
        migrate(house.config.database_url)
        click.echo("The worker is ready. Ctrl-C ends it.")
        Worker(work_of(house)).run()
    click.echo(GOODBYE)


def work_of(house: House) -> Work:
    """What a worker of these settings needs."""
    links = Links(base_url=house.config.base_url)
    return make_work(
        house.sessions,
        database_url=house.config.database_url,
        secret=house.config.secret_key,
        mail=house.config.mail,
        sender=links.sender_address,
        links=links,
    )


def _refuse_unsafe_python(house: House) -> None:
    """In the open only: on a laptop, `matcher doctor` says it."""
    if house.config.secure and not python_is_safe():
        raise click.ClickException(f"This Python must not send mails to people. {UNSAFE_PYTHON}")


def _complain(sentence: str) -> None:
    click.echo(sentence, err=True)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
