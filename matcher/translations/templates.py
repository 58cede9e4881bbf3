"""Templates that speak the reader's language: `_()`, `ngettext()`, `trans` blocks and stored sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, pass_eval_context
from jinja2.filters import do_tojson
from jinja2.nodes import EvalContext
from markupsafe import Markup

from matcher.domain.sentences import TranslatableText
from matcher.translations.catalogue import Catalogue, Quantity


def teach(environment: Environment, reader: Callable[[], Catalogue]) -> None:
    """Let the templates of this environment speak; `reader` gives the catalogue at the time of rendering.

    The catalogue's own sentences may hold tags; values put into them are escaped where the template escapes.
    """

    def said(context: EvalContext, found: str, values: dict[str, object]) -> str:
        text = Markup(found) if context.autoescape else found  # noqa: S704 (our own sentences)
        return text % {name: reader().shown(value) for name, value in values.items()}

    @pass_eval_context
    def gettext(context: EvalContext, one: str, /, **values: object) -> str:
        return said(context, reader().found.gettext(one), values)

    @pass_eval_context
    def ngettext(context: EvalContext, one: str, several: str, num: int, /, **values: object) -> str:
        return said(
            context,
            reader().found.ngettext(one, several, num),
            {"num": Quantity(num, reader().number(num)), **values},
        )

    def spoken(value: Any) -> Any:
        return reader().words(value) if isinstance(value, TranslatableText) else value

    @pass_eval_context
    def tojson(context: EvalContext, value: Any, indent: int | None = None) -> Markup:
        return do_tojson(context, spoken_within(value), indent)

    def spoken_within(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: spoken_within(each) for name, each in value.items()}
        return [spoken_within(each) for each in value] if isinstance(value, list | tuple) else spoken(value)

    # The extension brings the `trans` block; its own functions would show sentences in English.
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension's
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(gettext=gettext, ngettext=ngettext, in_words=lambda said: reader().words(said))
    environment.filters["tojson"] = tojson
    environment.finalize = spoken
