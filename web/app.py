"""The composition root: settings in, site out. Nothing is built at import."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask

from matcher.jobs.warm_solver import WarmSolver
from matcher.mail.links import Links
from matcher.services.ports import AskWarmSolver
from matcher.services.review.what_if import WhatIf
from matcher.store.engine import make_engine
from matcher.store.engine import session_factory as factory_of
from matcher.translations.catalogue import Catalogues, catalogue
from web import assets, counting, database, errors, language, security
from web import clock as clocks
from web.account import identity
from web.account.my_data import my_data
from web.account.routes import account
from web.account.sign_ins import sign_ins
from web.config import Config
from web.database import Ring, SessionFactory
from web.development.routes import MAIL_FOLDER, development
from web.handler.routes import handler
from web.home.routes import home
from web.organiser import tabs
from web.organiser.check_ins.routes import blueprint as check_ins
from web.organiser.compare.routes import blueprint as compare
from web.organiser.draft.routes import blueprint as draft
from web.organiser.during.routes import blueprint as during
from web.organiser.fairness.routes import blueprint as fairness
from web.organiser.forecast.routes import blueprint as forecast
from web.organiser.log.routes import blueprint as log
from web.organiser.mails.routes import blueprint as mails
from web.organiser.overview.routes import blueprint as overview
from web.organiser.people.earlier_pairs import blueprint as earlier_pairs
from web.organiser.people.imports import blueprint as imports
from web.organiser.people.routes import blueprint as people
from web.organiser.plan.routes import blueprint as plan
from web.organiser.policy.routes import blueprint as policy
from web.organiser.publish.routes import blueprint as publish
from web.organiser.repairs.routes import blueprint as repairs
from web.organiser.runs.routes import blueprint as runs
from web.organiser.setup.mail_texts import blueprint as mail_texts
from web.organiser.setup.routes import blueprint as setup
from web.organiser.what_if.routes import KEY as WHAT_IF
from web.organiser.what_if.routes import blueprint as what_if
from web.participant.care.check_in import blueprint as check_in
from web.participant.care.routes import blueprint as care
from web.participant.my_cycle.group import blueprint as my_group
from web.participant.my_cycle.routes import blueprint as my_cycle
from web.participant.my_cycle.routes import feed
from web.participant.routes import blueprint as participant
from web.participant.sign_up.routes import blueprint as sign_up

BLUEPRINTS = (
    home,
    account,
    my_data,
    sign_ins,
    participant,
    overview,
    setup,
    plan,
    mail_texts,
    repairs,
    fairness,
    publish,
    mails,
    compare,
    draft,
    runs,
    sign_up,
    my_cycle,
    my_group,
    feed,
    care,
    check_in,
    check_ins,
    forecast,
    policy,
    people,
    imports,
    earlier_pairs,
    during,
    log,
    handler,
    what_if,
)
"""The site's parts, each with its own addresses."""


def create_app(
    config: Config,
    *,
    session_factory: SessionFactory | None = None,
    ring: Ring | None = None,
    clock: Callable[[], datetime] | None = None,
    catalogues: Catalogues = catalogue,
    ask: AskWarmSolver | None = None,
) -> Flask:
    """The site. Given none, sessions are those of `config.database_url`, nobody is rung (the sweeper
    finds the rows within a minute), the clock is the machine's, and what-if questions go to solvers in child
    processes, started when somebody asks."""
    app = Flask("web")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    security.register(app, config)
    assets.register(app)
    clocks.register(app, clock or system_clock)
    database.register(app, session_factory or factory_of(make_engine(config.database_url)), ring or nobody)
    identity.register(app)
    language.register(app, catalogues)
    errors.register(app)
    tabs.register(app)
    counting.register(app)
    app.extensions["evenhand.links"] = Links(base_url=config.base_url)
    app.extensions[identity.FOUNDERS] = frozenset(config.founders)
    app.extensions[WHAT_IF] = WhatIf(ask or WarmSolver())
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.dev_inbox and config.mail_folder is not None:
        app.extensions[MAIL_FOLDER] = config.mail_folder
        app.register_blueprint(development)
    app.context_processor(lambda: {"dev_inbox": config.dev_inbox})
    return app


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def nobody(_name: str, _about: UUID) -> None:
    """A bell without a worker."""
