"""`matcher run` and `matcher work`: the site and the worker."""

import signal
from types import FrameType
from typing import NoReturn

import click
import waitress

from matcher.jobs.worker import EmbeddedWorker, Work, Worker, make_work
from matcher.mail.links import Links
from matcher.mail.wire import python_is_safe
from matcher.store.engine import migrate
from web.app import create_app
from web.commands.opening import UNSAFE_PYTHON, House, opened

THREADS = 8


@click.command("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def run_command(host: str, port: int) -> None:
    """Serve the site until Ctrl-C, with the worker in the same process. Brings the database up to date."""
    with opened() as house:
        _refuse_unsafe_python(house)
        migrate(house.config.database_url)
        worker = EmbeddedWorker(work_of(house))
        app = create_app(house.config, session_factory=house.sessions, ring=worker.ring)
        try:
            server = waitress.create_server(app, host=host, port=port, threads=THREADS)
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used: {error.strerror}. Try --port."
            ) from error
        signal.signal(signal.SIGTERM, _stop)
        worker.start()
        click.echo(f"Evenhand listens on {host}:{port} for {house.config.base_url}. Ctrl-C ends it.")
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
            worker.stop()
    click.echo("Everything in hand was finished. Goodbye.")


@click.command("work")
def work_command() -> None:
    """Match and deliver until Ctrl-C or SIGTERM; several workers may run at once, on several machines."""
    with opened() as house:
        _refuse_unsafe_python(house)
        migrate(house.config.database_url)
        click.echo("The worker is ready. Ctrl-C ends it.")
        Worker(work_of(house)).run()
    click.echo("Everything in hand was finished. Goodbye.")


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


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
