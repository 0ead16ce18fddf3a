"""How the house is laid out: which folders are features, and which of their modules belong to the web."""

from pathlib import Path

import pendamping

PACKAGE = Path(pendamping.__file__).parent
REPOSITORY = PACKAGE.parent
AUDIENCES = {"desk", "portal"}
OTHER_FOLDERS = {"kernel", "migrations", "operations", *AUDIENCES}
FEATURES = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - OTHER_FOLDERS
"""Every other package: a new folder is a feature, and held to the rules of one."""
WEB = {"cli", "fields", "forms", "jobs", "lookup", "page", "routes", "session", "words"}
"""Modules of the upper storey that live with their feature."""
WEB_BY_NAME = {
    "pendamping.attachments.sent",
    "pendamping.cooperatives.assignments.handover.settling",
    "pendamping.field.copies.taking",
    "pendamping.field.openapi",
    "pendamping.field.pack",
    "pendamping.field.records",
    "pendamping.instruments.exchange.sheets",
    "pendamping.progress.filters",
    "pendamping.progress.stages.overview",
    "pendamping.reports.answers",
    "pendamping.reminders.confirmation_mail",
    "pendamping.reminders.digest",
    "pendamping.reminders.feed",
    "pendamping.reminders.scheduler",
    "pendamping.reminders.sending",
    "pendamping.reports.evaluation.city_paper",
    "pendamping.reports.evaluation.cooperative_paper",
    "pendamping.reports.evaluation.paper",
    "pendamping.reports.evaluation.partners",
    "pendamping.reports.evaluation.workbook",
    "pendamping.reports.exports.workbook",
    "pendamping.reports.gather",
    "pendamping.reports.monthly.paper",
    "pendamping.visits.opened",
    "pendamping.visits.preparation",
    "pendamping.visits.sheet",
}
WEB_FOLDERS = ("pendamping.field.intake.",)
"""Where forms, words and verbs of several features meet."""


def modules() -> dict[str, Path]:
    """Every module by its dotted name, without packages and without the single migrations."""
    paths = {path.relative_to(REPOSITORY): path for path in sorted(PACKAGE.rglob("*.py")) if path.stem != "__init__"}
    return {".".join(name.with_suffix("").parts): path for name, path in paths.items() if "versions" not in name.parts}


def is_web(name: str) -> bool:
    return name.rpartition(".")[2] in WEB or name in WEB_BY_NAME or name.startswith(WEB_FOLDERS)


def rules_of_features() -> list[str]:
    """The lower storey: what a feature knows beside its web."""
    return [name for name in modules() if name.split(".")[1] in FEATURES and not is_web(name)]
