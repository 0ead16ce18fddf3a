"""Who may call what: one table of every endpoint for everybody, walked for real."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import pendamping.app
from pendamping.accounts.devices.service import register_device
from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user
from pendamping.activities.models import ActivityKind
from pendamping.activities.rules import Presence
from pendamping.activities.rules import Terms as ActivityTerms
from pendamping.activities.service import record_activity
from pendamping.app import create_app
from pendamping.cooperatives.assignments.covering import cover_leave
from pendamping.cooperatives.assignments.handing_over import propose
from pendamping.cooperatives.models import Assignment
from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.partnerships.rules import Terms
from pendamping.cooperatives.partnerships.service import add_partnership
from pendamping.cooperatives.records.figures import Month
from pendamping.field.models import RecordKind
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.quarantine.service import hold
from pendamping.field.service import Place, Received
from pendamping.instruments.drafting.service import start_draft
from pendamping.instruments.reading.text import content_hash
from pendamping.kernel.access import access_of
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from pendamping.kernel.tables import Base
from pendamping.plans.dialogue import ask
from pendamping.plans.goals.rules import GoalTerms, Quarter
from pendamping.plans.goals.service import set_goal
from pendamping.reports.monthly.content import PhotoFact
from pendamping.reports.monthly.service import Written, hand_in
from pendamping.visits.requests.service import ask_for_item
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.editions import edition
from tests.make import GRAHA_INDAH, KARIANGAU, PASSWORD, Make
from tests.pictures import photo

PEOPLE = [*map(str, Role), "nobody"]
TABLE = """
endpoint                      method  facilitator          agency_head       admin                cooperative       nobody

home                          GET     200                  200               200                  200               >accounts.sign_in
healthz                       GET     200                  200               200                  200               200
static                        GET     200                  200               200                  200               200
worker.script                 GET     200                  200               200                  200               200
worker.manifest               GET     200                  200               200                  200               200
worker.offline                GET     200                  200               200                  200               200

accounts.sign_in              GET     >home                >home             >home                >home             200
accounts.sign_in              POST    >home                >home             >home                >home             >home
accounts.sign_out             POST    >accounts.sign_in    >accounts.sign_in >accounts.sign_in    >accounts.sign_in >accounts.sign_in
accounts.change_password      GET     200                  200               200                  200               >accounts.sign_in
accounts.change_password      POST    >home                >home             >home                >home             >accounts.sign_in
accounts.change_language      POST    >home                >home             >home                >home             >home

cooperatives.index            GET     200                  200               200                  403               >accounts.sign_in
cooperatives.detail           GET     200                  200               200                  403               >accounts.sign_in
cooperatives.edit             GET     200                  403               200                  403               >accounts.sign_in
cooperatives.edit             POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in
cooperatives.add_officer      GET     200                  403               200                  403               >accounts.sign_in
cooperatives.add_officer      POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in
links.index                   GET     200                  403               200                  403               >accounts.sign_in
links.make                    POST    200                  403               200                  403               >accounts.sign_in
links.revoke                  POST    >links.index         403               >links.index         403               >accounts.sign_in
links.open_link               GET     200                  200               200                  200               200
links.enter                   POST    401                  401               401                  401               401
cooperatives.end_officer_term POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in

visits.new                    GET     200                  403               403                  403               >accounts.sign_in
visits.new                    POST    >visits.detail       403               403                  403               >accounts.sign_in
visits.detail                 GET     200                  200               200                  403               >accounts.sign_in
plans.plan                    GET     200                  200               200                  403               >accounts.sign_in
actions.detail                GET     200                  200               200                  403               >accounts.sign_in
actions.note                  GET     200                  403               403                  403               >accounts.sign_in
actions.note                  POST    >actions.detail      403               403                  403               >accounts.sign_in
actions.change_due            GET     200                  403               403                  403               >accounts.sign_in
actions.change_due            POST    >actions.detail      403               403                  403               >accounts.sign_in
actions.check                 GET     200                  403               403                  403               >accounts.sign_in
actions.check                 POST    >actions.detail      403               403                  403               >accounts.sign_in
actions.reopen                GET     200                  403               403                  403               >accounts.sign_in
actions.reopen                POST    >actions.detail      403               403                  403               >accounts.sign_in
actions.settle                GET     200                  403               403                  403               >accounts.sign_in
actions.settle                POST    409                  403               403                  403               >accounts.sign_in
actions.cancel                GET     200                  403               403                  403               >accounts.sign_in
actions.cancel                POST    >actions.detail      403               403                  403               >accounts.sign_in
actions.link                  GET     200                  403               403                  403               >accounts.sign_in
actions.link                  POST    400                  403               403                  403               >accounts.sign_in
actions.join                  GET     200                  403               403                  403               >accounts.sign_in
actions.join                  POST    400                  403               403                  403               >accounts.sign_in
actions.add                   GET     200                  403               403                  403               >accounts.sign_in
actions.add                   POST    >actions.detail      403               403                  403               >accounts.sign_in
actions.question              GET     200                  200               200                  403               >accounts.sign_in
actions.answer                POST    >board.waiting       403               403                  403               >accounts.sign_in
board.index                   GET     200                  200               200                  403               >accounts.sign_in
board.listed                  GET     200                  200               200                  403               >accounts.sign_in
board.waiting                 GET     200                  200               200                  403               >accounts.sign_in
board.change_due_of_several   POST    400                  403               403                  403               >accounts.sign_in
goals.add                     GET     200                  403               403                  403               >accounts.sign_in
goals.add                     POST    >plans.plan          403               403                  403               >accounts.sign_in
goals.close                   GET     200                  403               403                  403               >accounts.sign_in
goals.close                   POST    >plans.plan          403               403                  403               >accounts.sign_in
activities.index              GET     200                  200               200                  403               >accounts.sign_in
activities.detail             GET     200                  200               200                  403               >accounts.sign_in
activities.add                GET     200                  200               200                  403               >accounts.sign_in
activities.add                POST    >activities.detail   >activities.detail >activities.detail  403               >accounts.sign_in
activities.correct            GET     200                  403               200                  403               >accounts.sign_in
activities.correct            POST    >activities.detail   403               >activities.detail   403               >accounts.sign_in
activities.photo              GET     200                  200               200                  200               >accounts.sign_in
portal.ask                    POST    403                  403               403                  >portal.plan      >accounts.sign_in
portal.activity               GET     403                  403               403                  200               >accounts.sign_in
progress.score                GET     200                  200               200                  403               >accounts.sign_in
explained.visit_score         GET     200                  200               200                  403               >accounts.sign_in
explained.unproven            GET     200                  200               200                  403               >accounts.sign_in
explained.all_unproven        GET     200                  200               200                  403               >accounts.sign_in
followed.item                 GET     200                  200               200                  403               >accounts.sign_in
progress.score_chart          GET     200                  200               200                  200               >accounts.sign_in
progress.score_picture        GET     200                  200               200                  200               >accounts.sign_in
cooperatives.history          GET     200                  200               200                  403               >accounts.sign_in
partnerships.index            GET     200                  200               200                  403               >accounts.sign_in
partnerships.add              GET     200                  403               200                  403               >accounts.sign_in
partnerships.add              POST    >partnerships.index  403               >partnerships.index  403               >accounts.sign_in
partnerships.change           GET     200                  403               200                  403               >accounts.sign_in
partnerships.change           POST    >partnerships.index  403               >partnerships.index  403               >accounts.sign_in
partnerships.businesses       GET     200                  403               200                  403               >accounts.sign_in
partnerships.businesses       POST    >partnerships.index  403               >partnerships.index  403               >accounts.sign_in
portal.partnerships           GET     403                  403               403                  200               >accounts.sign_in
records.documents             GET     200                  200               200                  403               >accounts.sign_in
records.add_document          GET     200                  403               200                  403               >accounts.sign_in
records.add_document          POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in
records.replace_document      GET     200                  403               200                  403               >accounts.sign_in
records.replace_document      POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in
records.withdraw_document     POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in
records.figures               GET     200                  403               200                  403               >accounts.sign_in
records.figures               POST    >cooperatives.detail 403               >cooperatives.detail 403               >accounts.sign_in
reports.visit_record          GET     200                  200               200                  200               >accounts.sign_in
reports.plan_paper            GET     200                  200               200                  403               >accounts.sign_in
reports.own_plan_paper        GET     403                  403               403                  200               >accounts.sign_in
portal.plan                   GET     403                  403               403                  200               >accounts.sign_in
monthly.index                 GET     200                  403               403                  403               >accounts.sign_in
monthly.write                 GET     200                  403               403                  403               >accounts.sign_in
monthly.take_back             POST    >monthly.write       403               403                  403               >accounts.sign_in
monthly.write                 POST    >monthly.write       403               403                  403               >accounts.sign_in
monthly.add                   GET     >monthly.write       403               403                  403               >accounts.sign_in
monthly.add                   POST    409                  403               403                  403               >accounts.sign_in
monthly.queue                 GET     403                  200               200                  403               >accounts.sign_in
monthly.review                GET     403                  200               200                  403               >accounts.sign_in
monthly.review                POST    403                  >monthly.queue    403                  403               >accounts.sign_in
monthly.photo                 GET     200                  200               200                  403               >accounts.sign_in
search.index                  GET     200                  200               200                  403               >accounts.sign_in
exports.index                 GET     200                  200               200                  403               >accounts.sign_in
exports.index                 POST    200                  200               200                  403               >accounts.sign_in
monthly.paper                 GET     200                  200               200                  403               >accounts.sign_in
portal.acknowledge            POST    403                  403               403                  >portal.plan      >accounts.sign_in
portal.progress               GET     403                  403               403                  200               >accounts.sign_in
portal.visits                 GET     403                  403               403                  200               >accounts.sign_in
portal.documents              GET     403                  403               403                  200               >accounts.sign_in
own_actions.detail            GET     403                  403               403                  200               >accounts.sign_in
own_actions.note_progress     POST    403                  403               403                  >own_actions.detail >accounts.sign_in
own_actions.respond           POST    403                  403               403                  >own_actions.detail >accounts.sign_in
own_actions.ask               POST    403                  403               403                  >own_actions.detail >accounts.sign_in
own_actions.report_done       POST    403                  403               403                  >own_actions.detail >accounts.sign_in
own_figures.index             GET     403                  403               403                  200               >accounts.sign_in
own_figures.propose           GET     403                  403               403                  200               >accounts.sign_in
own_figures.propose           POST    403                  403               403                  >own_figures.index >accounts.sign_in
proposals.index               GET     200                  200               200                  403               >accounts.sign_in
proposals.confirm             POST    >proposals.index     403               >proposals.index     403               >accounts.sign_in
proposals.send_back           POST    409                  403               409                  403               >accounts.sign_in

stages.detail                 GET     200                  200               200                  403               >accounts.sign_in
stages.detail                 POST    403                  >stages.detail    403                  403               >accounts.sign_in
stages.designations           GET     403                  200               200                  403               >accounts.sign_in
stages.designations           POST    403                  >stages.designations 403               403               >accounts.sign_in

programme_view.index          GET     403                  200               200                  403               >accounts.sign_in
programme_view.chart          GET     403                  200               200                  403               >accounts.sign_in
programme_view.picture        GET     403                  200               200                  403               >accounts.sign_in
programme_view.people         GET     403                  200               200                  403               >accounts.sign_in
evaluations.index             GET     403                  200               200                  403               >accounts.sign_in
evaluations.issue             POST    403                  409               403                  403               >accounts.sign_in
evaluations.city              GET     403                  200               200                  403               >accounts.sign_in
evaluations.list_of_cooperative GET   200                  200               200                  403               >accounts.sign_in
evaluations.cooperative       GET     200                  200               200                  403               >accounts.sign_in
evaluations.own               GET     403                  403               403                  404               >accounts.sign_in
attention.index               GET     403                  200               200                  403               >accounts.sign_in
attention.act                 POST    403                  >attention.index  >attention.index     403               >accounts.sign_in
attention.see                 POST    403                  >home             >home                403               >accounts.sign_in
attention.question            GET     200                  200               200                  403               >accounts.sign_in
attention.question            POST    >attention.question  403               403                  403               >accounts.sign_in

people.index                  GET     403                  403               200                  403               >accounts.sign_in
people.create                 GET     403                  403               200                  403               >accounts.sign_in
people.create                 POST    403                  403               200                  403               >accounts.sign_in
people.detail                 GET     403                  403               200                  403               >accounts.sign_in
people.reset_password         POST    403                  403               200                  403               >accounts.sign_in
people.deactivate             POST    403                  403               >people.detail       403               >accounts.sign_in
people.reactivate             POST    403                  403               >people.detail       403               >accounts.sign_in
assignments.index             GET     403                  403               200                  403               >accounts.sign_in
assignments.index             POST    403                  403               >assignments.index   403               >accounts.sign_in
assignments.hand_over         GET     403                  403               200                  403               >accounts.sign_in
assignments.hand_over         POST    403                  403               >assignments.history 403               >accounts.sign_in
assignments.history           GET     403                  403               200                  403               >accounts.sign_in
programme.years               GET     403                  403               200                  403               >accounts.sign_in
programme.edit_year           GET     403                  403               200                  403               >accounts.sign_in
programme.edit_year           POST    403                  403               >programme.years     403               >accounts.sign_in
programme.next_year           GET     403                  403               200                  403               >accounts.sign_in
programme.next_year           POST    403                  403               >programme.years     403               >accounts.sign_in
programme.office              GET     403                  403               200                  403               >accounts.sign_in
programme.office              POST    403                  403               >programme.office    403               >accounts.sign_in

instruments.index             GET     403                  200               200                  403               >accounts.sign_in
instruments.version           GET     403                  200               200                  403               >accounts.sign_in
instruments.file              GET     403                  200               200                  403               >accounts.sign_in
drafting.draft                GET     403                  403               200                  403               >accounts.sign_in
drafting.file                 GET     403                  403               200                  403               >accounts.sign_in
drafting.upload               GET     403                  403               200                  403               >accounts.sign_in
drafting.facts                GET     403                  403               200                  403               >accounts.sign_in
drafting.bands                GET     403                  403               200                  403               >accounts.sign_in
drafting.add_section          GET     403                  403               200                  403               >accounts.sign_in
drafting.section              GET     403                  403               200                  403               >accounts.sign_in
drafting.add_item             GET     403                  403               200                  403               >accounts.sign_in
drafting.item                 GET     403                  403               200                  403               >accounts.sign_in
drafting.try_out              GET     403                  403               200                  403               >accounts.sign_in
drafting.publish              GET     403                  403               200                  403               >accounts.sign_in
drafting.start                POST    403                  403               >drafting.draft      403               >accounts.sign_in
drafting.upload               POST    403                  403               400                  403               >accounts.sign_in
drafting.bands                POST    403                  403               400                  403               >accounts.sign_in
drafting.section              POST    403                  403               400                  403               >accounts.sign_in
drafting.add_section          POST    403                  403               400                  403               >accounts.sign_in
drafting.item                 POST    403                  403               400                  403               >accounts.sign_in
drafting.add_item             POST    403                  403               400                  403               >accounts.sign_in
drafting.remove_item          POST    403                  403               >drafting.draft      403               >accounts.sign_in
drafting.remove_section       POST    403                  403               >drafting.draft      403               >accounts.sign_in
drafting.facts                POST    403                  403               >drafting.draft      403               >accounts.sign_in
drafting.publish              POST    403                  403               >instruments.index   403               >accounts.sign_in
drafting.discard              POST    403                  403               >instruments.index   403               >accounts.sign_in

schedule.index                GET     200                  200               200                  403               >accounts.sign_in
schedule.new                  GET     200                  403               403                  403               >accounts.sign_in
schedule.new                  POST    >schedule.index      403               403                  403               >accounts.sign_in
schedule.detail               GET     200                  200               200                  403               >accounts.sign_in
schedule.change_agenda        GET     200                  403               403                  403               >accounts.sign_in
schedule.change_agenda        POST    >schedule.detail     403               403                  403               >accounts.sign_in
schedule.move                 GET     200                  403               403                  403               >accounts.sign_in
schedule.move                 POST    >schedule.detail     403               403                  403               >accounts.sign_in
schedule.cancel               GET     200                  403               403                  403               >accounts.sign_in
schedule.cancel               POST    >schedule.detail     403               403                  403               >accounts.sign_in

drafts.save                   PUT     200                  403               403                  403               401
drafts.discard                POST    >home                403               403                  403               >accounts.sign_in
corrections.correct           GET     200                  403               403                  403               >accounts.sign_in
corrections.correct           POST    >visits.detail       403               403                  403               >accounts.sign_in
corrections.add               GET     200                  403               403                  403               >accounts.sign_in
corrections.add               POST    >visits.detail       403               403                  403               >accounts.sign_in
visits.preparation            GET     200                  200               200                  403               >accounts.sign_in
requests.ask                  GET     403                  200               200                  403               >accounts.sign_in
requests.ask                  POST    403                  >requests.ask     >requests.ask        403               >accounts.sign_in
requests.withdraw             POST    403                  >requests.ask     >requests.ask        403               >accounts.sign_in
attachments.put               PUT     200                  403               403                  403               401
attachments.show              GET     200                  200               200                  200               >accounts.sign_in
attachments.original          GET     200                  200               200                  200               >accounts.sign_in

reminders.index               GET     200                  200               200                  200               >accounts.sign_in
reminders.read_all            POST    >reminders.index     >reminders.index  >reminders.index     >reminders.index  >accounts.sign_in
reminders.choose              GET     200                  200               200                  200               >accounts.sign_in
reminders.choose              POST    >reminders.choose    >reminders.choose >reminders.choose    >reminders.choose >accounts.sign_in
reminders.make_feed           POST    200                  200               200                  200               >accounts.sign_in
reminders.revoke_feed         POST    >reminders.choose    >reminders.choose >reminders.choose    >reminders.choose >accounts.sign_in
reminders.feed                GET     404                  404               404                  404               404
reminders.subscribe           POST    400                  400               400                  400               >accounts.sign_in
reminders.unsubscribe_browser POST    200                  200               200                  200               >accounts.sign_in
reminders.unsubscribe         GET     404                  404               404                  404               404
reminders.unsubscribe         POST    404                  404               404                  404               404
reminders.confirm_mail        GET     404                  404               404                  404               404
reminders.confirm_mail        POST    404                  404               404                  404               404
reminders.ask_again           POST    >reminders.choose    >reminders.choose >reminders.choose    >reminders.choose >accounts.sign_in
reminder_admin.rules          GET     403                  403               200                  403               >accounts.sign_in
reminder_admin.rule           GET     403                  403               200                  403               >accounts.sign_in
reminder_admin.rule           POST    403                  403               >reminder_admin.rules 403              >accounts.sign_in
reminder_admin.calendar       GET     403                  403               200                  403               >accounts.sign_in
reminder_admin.calendar       POST    403                  403               >reminder_admin.calendar 403           >accounts.sign_in
reminder_admin.import_calendar POST   403                  403               400                  403               >accounts.sign_in
reminder_admin.remove_day_off POST    403                  403               >reminder_admin.calendar 403           >accounts.sign_in
reminder_admin.jobs           GET     403                  403               200                  403               >accounts.sign_in
obligations.index             GET     403                  403               200                  403               >accounts.sign_in
obligations.create            GET     403                  403               200                  403               >accounts.sign_in
obligations.create            POST    403                  403               >obligations.detail  403               >accounts.sign_in
obligations.read_file         GET     403                  403               200                  403               >accounts.sign_in
obligations.read_file         POST    403                  403               400                  403               >accounts.sign_in
obligations.detail            GET     403                  403               200                  403               >accounts.sign_in
obligations.detail            POST    403                  403               >obligations.detail  403               >accounts.sign_in
obligations.end               POST    403                  403               >obligations.detail  403               >accounts.sign_in
duties.index                  GET     200                  200               200                  200               >accounts.sign_in
duties.plan_meeting           POST    >duties.index        403               >duties.index        403               >accounts.sign_in
duties.meet                   POST    >duties.index        403               >duties.index        403               >accounts.sign_in
reminders.read                POST    404                  404               404                  404               >accounts.sign_in

field.session                 GET     200                  200               200                  200               401
field.records                 POST    200                  403               403                  403               401
field.compare                 GET     404                  403               403                  403               401
field.field_pack              GET     200                  403               403                  403               401
field.openapi                 GET     200                  200               200                  200               401
field.shipping                GET     200                  403               403                  403               >accounts.sign_in
field.leaving                 GET     >field.shipping      403               403                  403               >accounts.sign_in
devices.register              PUT     200                  403               403                  403               401
devices.index                 GET     200                  403               200                  403               >accounts.sign_in
devices.rename                POST    >devices.index       403               >devices.index       403               >accounts.sign_in
devices.revoke                POST    >devices.index       403               >devices.index       403               >accounts.sign_in
handover.index                GET     200                  200               200                  403               >accounts.sign_in
handover.detail               GET     200                  200               200                  403               >accounts.sign_in
handover.detail               POST    400                  400               400                  403               >accounts.sign_in
handover.cover                GET     403                  403               200                  403               >accounts.sign_in
handover.cover                POST    403                  403               400                  403               >accounts.sign_in
handover.end                  POST    403                  403               >handover.cover      403               >accounts.sign_in
copies.index                  GET     403                  403               200                  403               >accounts.sign_in
copies.index                  POST    403                  403               400                  403               >accounts.sign_in
quarantine.index              GET     403                  200               200                  403               >accounts.sign_in
quarantine.index              POST    403                  400               400                  403               >accounts.sign_in
quarantine.detail             GET     403                  200               200                  403               >accounts.sign_in
"""  # noqa: E501  # a table is read in columns
"""A number is a status, `>` an endpoint to which the answer leads; what is sent is in order (see SENT)."""

SENT: Mapping[str, Mapping[str, str]] = {
    "actions.note": {"status": "berjalan", "note": "Sudah mulai", "revision": "1"},
    "actions.change_due": {"due_on": "2026-06-01", "reason": "Notaris libur", "revision": "2"},
    "actions.check": {"verdict": "terverifikasi", "note": "Buku lengkap", "revision": "3"},
    "actions.reopen": {"text": "Bukunya belum lengkap", "revision": "4"},
    "actions.link": {"revision": "5"},
    "actions.join": {},
    "portal.ask": {"question": "Kapan pendamping datang?"},
    "actions.settle": {"text": "Tetap diperlukan", "revision": "5"},
    "actions.cancel": {"status": "dibatalkan", "note": "Tidak jadi", "revision": "5"},
    "actions.add": {"title": "Cetak spanduk", "owner_role": "ketua", "due_on": "2026-06-01", "priority": "2"},
    "actions.answer": {"text": "Di laci."},
    "board.change_due_of_several": {},
    "accounts.sign_in": {"username": "siapa", "password": PASSWORD},
    "accounts.sign_out": {},
    "accounts.change_password": {"current": PASSWORD, "new": "sandi-yang-baru", "repeat": "sandi-yang-baru"},
    "accounts.change_language": {"language": "en"},
    "cooperatives.edit": {"legal_name": "Koperasi Kelurahan Merah Putih"},
    "cooperatives.add_officer": {"name": "Rahmat", "role": "ketua"},
    "cooperatives.end_officer_term": {},
    "people.create": {"role": "facilitator", "name": "Ratna", "username": "ratna"},
    "people.reset_password": {},
    "people.deactivate": {},
    "people.reactivate": {},
    "assignments.index": {"starts_on": str(TODAY)},
    "assignments.hand_over": {"ends_on": "2026-05-31"},
    "programme.edit_year": {
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "visits_per_month": "2",
        "caseload_min": "4",
        "caseload_max": "5",
    },
    "programme.next_year": {"year": "2027"},
    "programme.office": {"government": "Pemerintah Kota", "name": "Dinas Koperasi", "number_code": "BA"},
    "drafting.start": {},
    "drafting.upload": {},
    "drafting.bands": {},
    "drafting.section": {},
    "drafting.add_section": {},
    "drafting.item": {},
    "drafting.add_item": {},
    "drafting.remove_item": {},
    "drafting.remove_section": {},
    "drafting.facts": {
        "version": "0.4.0",
        "title_id": "Kesiapan kelembagaan",
        "title_en": "Institutional readiness",
        "applies_from_stage": "1",
    },
    "drafting.publish": {"effective_on": str(TODAY), "sha256": content_hash(edition("0.4.0"))},
    "drafting.discard": {},
    "portal.acknowledge": {},
    "own_actions.note_progress": {"progress": "Buku sudah dibeli."},
    "own_actions.respond": {"agrees": "tidak", "reason": "Tenggatnya terlalu dekat."},
    "own_actions.ask": {"question": "Buku yang mana?"},
    "own_actions.report_done": {"done": "Sudah ditempel."},
    "own_figures.propose": {"members": "240"},
    "proposals.confirm": {"seen_revision": "0"},
    "proposals.send_back": {"reason": "Omzet belum diisi."},
    "links.make": {"days": "30"},
    "links.revoke": {},
    "links.enter": {"token": "palsu"},
    "goals.add": {"quarter": "2026-2", "text": "Anggota menjadi 300", "measure": "", "target": ""},
    "goals.close": {"outcome": "tercapai", "note": "Sesuai"},
    "activities.add": {
        "kind": "pelatihan",
        "topic": "Pembukuan",
        "place": "Balai kota",
        "held_on": str(TODAY),
        "hadir-0-cooperative": GRAHA_INDAH,
        "hadir-0-people": "2",
    },
    "activities.correct": {
        "kind": "sosialisasi",
        "topic": "Pembukuan",
        "place": "Balai kota",
        "held_on": str(TODAY),
        "seen_number": "1",
        "reason": "Salah pilih",
        "hadir-0-cooperative": GRAHA_INDAH,
        "hadir-0-people": "2",
    },
    "partnerships.add": {"partner": "Bulog", "status": "penjajakan", "since_on": str(TODAY)},
    "partnerships.change": {"partner": "Bulog", "status": "kesepakatan", "since_on": str(TODAY), "seen_number": "1"},
    "partnerships.businesses": {"businesses": "sembako", "seen_revision": "0"},
    "records.add_document": {"kind": "akta", "title": "Akta pendirian"},
    "records.replace_document": {"kind": "akta", "title": "Akta perubahan"},
    "records.withdraw_document": {},
    "records.figures": {"members": "240"},
    "schedule.new": {"cooperative": GRAHA_INDAH, "planned_on": str(TODAY), "mode": "tatap_muka"},
    "schedule.change_agenda": {"agenda": "Periksa buku kas"},
    "schedule.move": {"to_on": "2026-04-16"},
    "schedule.cancel": {"because": "Hujan"},
    "drafts.discard": {},
    "attention.act": {"satu": f"tanya|selisih-kas:{GRAHA_INDAH}"},
    "attention.see": {"sampai": NOW.isoformat()},
    "attention.question": {"text": "Sudah dijadwalkan."},
    "stages.detail": {"verdict": "dikonfirmasi", "decided_on": str(TODAY), "note": "Sesuai", "seen_number": "0"},
    "stages.designations": {
        "cooperatives": GRAHA_INDAH,
        "verdict": "tetapkan",
        "decided_on": str(TODAY),
        "note": "SK 12/2026",
    },
    "corrections.correct": {
        "visited_on": str(TODAY),
        "mode": "tatap_muka",
        "purposes": "rapat",
        "reason": "Salah pilih.",
        "base_revision": "1",
    },
    "corrections.add": {"text": "Kuitansi menyusul."},
    "evaluations.issue": {},
    "monthly.take_back": {"seen_revision": "2"},
    "monthly.write": {"seen_revision": "3", "aksi": "simpan"},
    "monthly.add": {"seen_revision": "4", "text": "Kuitansi menyusul."},
    "monthly.review": {"seen_revision": "2", "verdict": "kembalikan", "text": "Belum lengkap."},
    "exports.index": {"kind": "visits", "form": "csv"},
    "requests.ask": {"note": "Mohon dilihat."},
    "requests.withdraw": {},
    "quarantine.index": {"verdict": "accepted"},
    "reminders.read_all": {},
    "reminders.choose": {},
    "reminders.make_feed": {},
    "reminders.revoke_feed": {},
    "reminders.subscribe": {},
    "reminders.unsubscribe_browser": {},
    "reminders.unsubscribe": {},
    "reminders.confirm_mail": {},
    "reminders.ask_again": {},
    "reminder_admin.rule": {"days": "7, 1", "hearers": "facilitator"},
    "reminder_admin.calendar": {"on": "2027-01-01", "name": "Tahun baru", "kind": "holiday"},
    "reminder_admin.import_calendar": {},
    "obligations.create": {"name_id": "Uji", "dates": "10", "doer": "cooperative", "in_force_on": "2026-04-14"},
    "obligations.read_file": {"in_force_on": "2026-04-14"},
    "obligations.detail": {
        "name_id": "Uji",
        "dates": "10",
        "doer": "cooperative",
        "in_force_on": "2026-04-14",
        "seen": "1",
    },
    "obligations.end": {"last_on": "2099-12-30", "seen_last": "2"},
    "reminder_admin.remove_day_off": {},
    "duties.plan_meeting": {"planned_on": "2026-06-20"},
    "duties.meet": {},
    "reminders.read": {},
    "devices.rename": {"name": "Tab merah"},
    "devices.revoke": {},
    "copies.index": {},
    "handover.detail": {},
    "handover.cover": {},
    "handover.end": {},
    "visits.new": {"visited_on": str(TODAY), "mode": "tatap_muka", "purposes": "pemeriksaan"},
}

BODIES: Mapping[str, bytes] = {
    "attachments.put": photo(),
    "drafts.save": b'{"revision": 0, "fields": []}',
    "field.records": b'{"records": []}',
    "devices.register": b'{"name": "Tab merah"}',
}
BODY_TYPES = {
    "attachments.put": "image/jpeg",
    "drafts.save": "application/json",
    "field.records": "application/json",
    "devices.register": "application/json",
}
"""What is sent to endpoints that take a body of their own."""

ON_RECORD = {"audit_event"}
"""That somebody fetched a paper or a file is written down; beside that a GET changes nothing."""

ASKED_BY_PROGRAMS = {
    "attachments.put",
    "drafts.save",
    "field.records",
    "field.compare",
    "devices.register",
    "field.field_pack",
    "field.openapi",
}
"""They are told in a document what a person would be led to."""

SIGNED_IN_THE_ADDRESS = {"reminders.unsubscribe", "reminders.confirm_mail"}
"""Mail programs send these by themselves (RFC 8058): what allows it is the signature in the address, no token."""

BEFORE_THE_PASSWORD_IS_CHANGED = {
    "reminders.feed",
    "reminders.unsubscribe",
    "reminders.confirm_mail",
    "accounts.change_language",
    "accounts.change_password",
    "accounts.sign_in",
    "accounts.sign_out",
    "field.session",
    "healthz",
    "links.enter",
    "links.open_link",
    "static",
    "worker.manifest",
    "worker.offline",
    "worker.script",
}


def _stated() -> dict[tuple[str, str], dict[str, str]]:
    heading, *rows = (line.split() for line in TABLE.splitlines() if line.strip())
    assert heading[2:] == PEOPLE
    return {(endpoint, method): dict(zip(PEOPLE, said, strict=True)) for endpoint, method, *said in rows}


STATED = _stated()


@dataclass
class World:
    """Two cooperatives, each with a facilitator, an officer and a visit; the people meant belong to the first."""

    app: Flask
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, Any] = field(default_factory=dict)

    def client_of(self, person: str) -> FlaskClient:
        client = self.app.test_client()
        if person != "nobody":
            with self.app.app_context():
                session_id = reading().get_one(User, self.people[person]).get_id()
            with client.session_transaction() as session:
                session["_user_id"] = session_id
        return client

    def call(
        self, person: str, endpoint: str, method: str, *, client: FlaskClient | None = None, **rows: object
    ) -> TestResponse:
        client = client or self.client_of(person)
        url = self.address(endpoint, method, **rows)
        if method == "GET":
            return client.get(url, buffered=True)
        if endpoint in BODIES:
            token = {"X-CSRFToken": token_of(client)}
            body, content_type = BODIES[endpoint], BODY_TYPES[endpoint]
            return client.open(url, method=method, data=body, content_type=content_type, headers=token)
        return client.post(url, data={**SENT[endpoint], "csrf_token": token_of(client)})

    def address(self, endpoint: str, method: str, **rows: object) -> str:
        """The endpoint's address with the rows of this world in it, or with those given."""
        (rule, *_) = self.app.url_map.iter_rules(endpoint)
        values = {**self.own, **rows}
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(endpoint, {name: values[name] for name in rule.arguments}, method)

    def outcome(self, response: TestResponse) -> str:
        if not 300 <= response.status_code < 400:
            return str(response.status_code)
        path = urlsplit(response.headers["Location"]).path
        endpoint, _ = self.app.url_map.bind("localhost").match(path)
        return f">{endpoint}"

    def change(self, person: str, **fields: Any) -> None:
        with self.app.app_context(), transaction() as session:
            user = session.get_one(User, self.people[person])
            for name, value in fields.items():
                setattr(user, name, value)


def token_of(client: FlaskClient) -> str:
    page = client.get("/api/v1/session")
    if page.status_code == 200:
        return str(page.get_json()["csrf_token"])
    form = BeautifulSoup(client.get("/masuk").get_data(as_text=True), "lxml")
    return str(form.select("[name=csrf_token]")[0]["value"])


def assignment_of(make: Make, facilitator: User) -> uuid.UUID:
    return make.session.scalars(select(Assignment.id).where(Assignment.facilitator_id == facilitator.id)).one()


def request_for(make: Make, code: str, item_id: str) -> uuid.UUID:
    author_id = make.user(Role.AGENCY_HEAD).id
    asked = ask_for_item(
        make.session, make.cooperative(code), item_id, "Mohon dilihat.", author_id=author_id, actor=ACTOR, now=NOW
    )
    return asked.id


def held_for(make: Make, author: User, code: str) -> uuid.UUID:
    cooperative = make.cooperative(code)
    came = Received(uuid.uuid4(), RecordKind.VISIT, 1, "{}", "a" * 64, None)
    place = Place(cooperative.id, cooperative.city_code)
    return hold(make.session, came, place, why=WhyHeld.FUTURE, author=author, actor=ACTOR, now=NOW).id


def partnership_of(make: Make, code: str) -> uuid.UUID:
    terms = Terms("Bulog", True, "Beras", PartnershipStatus.EXPLORING, TODAY, None, None, "")
    said: dict[str, Any] = {"author_id": make.user().id, "actor": ACTOR, "now": NOW}
    return add_partnership(make.session, make.cooperative(code), uuid.uuid4(), terms, **said).id


def goal_of(make: Make, code: str) -> uuid.UUID:
    terms = GoalTerms(Quarter(2026, 2), "Rapi")
    said: dict[str, Any] = {"author_id": make.user().id, "actor": ACTOR, "now": NOW}
    return set_goal(make.session, make.cooperative(code), uuid.uuid4(), terms, **said).id


def activity_of(make: Make, author: User, code: str, photo_id: uuid.UUID) -> uuid.UUID:
    cooperative = make.cooperative(code)
    came = (Presence(cooperative.id, 3),)
    terms = ActivityTerms(TODAY, ActivityKind.TRAINING, "Balai kota", "Pembukuan", "", came)
    cooperatives = {cooperative.id: cooperative}
    said: dict[str, Any] = {"photos": [photo_id], "author_id": author.id, "actor": ACTOR, "now": NOW}
    return record_activity(make.session, uuid.uuid4(), terms, cooperatives=cooperatives, **said).id


def report_on_march(make: Make, facilitator: User, photo_id: uuid.UUID) -> uuid.UUID:
    """A monthly report that waits for the head."""
    written = Written({}, (PhotoFact(str(photo_id), "Gudang"),))
    report = hand_in(
        make.session,
        facilitator,
        Month(2026, 3),
        written,
        note="",
        seen_revision=0,
        actor=ACTOR,
        today=TODAY,
        now=NOW,
    )
    return report.id


def question_about(make: Make, code: str) -> uuid.UUID:
    author_id = make.cooperative_user(code).id
    asked = ask(
        make.session, None, make.cooperative(code), text="Formulirnya?", author_id=author_id, actor=ACTOR, now=NOW
    )
    return asked.id


def handed_over(make: Make, facilitator: User) -> dict[str, uuid.UUID]:
    """A hand-over that is proposed, and a cover during leave."""
    assignment = make.session.get_one(Assignment, assignment_of(make, facilitator))
    said: dict[str, Any] = {"actor": ACTOR, "now": NOW}
    may = dt.date(2026, 5, 31)
    proposed = propose(make.session, assignment, make.user(), ends_on=may, note="", last_visit_on=None, **said)
    covered = cover_leave(make.session, assignment, make.user(), starts_on=may, ends_on=may, reason="Cuti", **said)
    return {"handover_id": proposed.id, "cover_id": covered.id}


def device_of(make: Make, user: User) -> uuid.UUID:
    said: dict[str, Any] = {"name": "Tablet", "public_key": None, "receipts": 0, "actor": ACTOR, "now": NOW}
    return register_device(make.session, uuid.uuid4(), user, **said)[0].id


@pytest.fixture
def world(app: Flask) -> World:
    world = World(app)
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        facilitator, other = make.facilitator(username="siapa"), make.facilitator(KARIANGAU)
        people = {
            "facilitator": facilitator,
            "agency_head": make.user(Role.AGENCY_HEAD),
            "admin": make.user(Role.ADMIN),
            "cooperative": make.cooperative_user(),
        }
        world.people = {name: user.id for name, user in people.items()}
        own_action = make.action_draft("KL-02")
        foreign_action = make.action_draft(title="Rahasia")
        world.own = {
            "code": GRAHA_INDAH,
            "visit_id": make.visit(facilitator, actions=(own_action,)).id,
            "action_id": own_action.id,
            "question_id": question_about(make, GRAHA_INDAH),
            "proposal_id": make.proposal(Month(2026, 2), members=240).id,
            "officer_id": make.officer().id,
            "link_id": make.personal_link().id,
            "plan_id": make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15)).id,
            "attachment_id": make.attachment(facilitator, GRAHA_INDAH).id,
            "draft_id": uuid.uuid4(),
            "record_id": uuid.uuid4(),
            "item_id": "KL-01",
            "request_id": request_for(make, GRAHA_INDAH, "KL-02"),
            "step_id": make.asked().id,
            "user_id": make.cooperative_user().id,
            "assignment_id": assignment_of(make, facilitator),
            "number": 2026,
            "city": "64.71",
            "part": "semester-1",
            "form": "xlsx",
            "instrument": "KL",
            "version": "0.3.0",
            "section": "KL-A",
            "item": "KL-01",
            "kind": "yaml",
            "document_id": make.document().id,
            "partnership_id": partnership_of(make, GRAHA_INDAH),
            "goal_id": goal_of(make, GRAHA_INDAH),
            "held_id": held_for(make, facilitator, GRAHA_INDAH),
            "device_id": device_of(make, facilitator),
            **handed_over(make, facilitator),
            "year": 2026,
            "month": 3,
            "digest": "0" * 20,
            "chart": "tahap",
            "build": app.config["BUILD"],
            "filename": "css/app.css",
            "notification_id": uuid.uuid4(),
            "secret": "rahasia",
            "token": "tautan",
            "obligation": "UNDANGAN_RAT",
            "due_on": "2026-06-06",
            "day": "2026-01-01",
            "rule_name": "tindakan_terlambat",
        }
        world.foreign = {
            "code": KARIANGAU,
            "visit_id": make.visit(other, code=KARIANGAU, actions=(foreign_action,)).id,
            "action_id": foreign_action.id,
            "question_id": question_about(make, KARIANGAU),
            "proposal_id": make.proposal(Month(2026, 2), code=KARIANGAU, members=1).id,
            "officer_id": make.officer(KARIANGAU).id,
            "link_id": make.personal_link(make.officer(KARIANGAU)).id,
            "plan_id": make.planned_visit(other, KARIANGAU).id,
            "attachment_id": make.attachment(other, KARIANGAU).id,
            "document_id": make.document(KARIANGAU).id,
            "partnership_id": partnership_of(make, KARIANGAU),
            "goal_id": goal_of(make, KARIANGAU),
            "held_id": held_for(make, other, KARIANGAU),
            "device_id": device_of(make, other),
            **handed_over(make, other),
            "request_id": request_for(make, KARIANGAU, "KL-02"),
            "step_id": make.asked(KARIANGAU).id,
            "user_id": make.cooperative_user(KARIANGAU).id,
            "assignment_id": assignment_of(make, other),
        }
        world.own["activity_id"] = activity_of(make, facilitator, GRAHA_INDAH, world.own["attachment_id"])
        world.foreign["activity_id"] = activity_of(make, other, KARIANGAU, world.foreign["attachment_id"])
        world.own["report_id"] = report_on_march(make, facilitator, world.own["attachment_id"])
        world.foreign["report_id"] = report_on_march(make, other, world.foreign["attachment_id"])
        start_draft(make.session, "KL", author_id=people["admin"].id, actor=ACTOR, now=NOW)
        make.user(Role.ADMIN)  # one more: the last one could not be closed
    return world


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[name for name in PEOPLE if name != "nobody"])
def somebody(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_table_names_every_endpoint_and_nothing_else(sqlite_app: tuple[Flask, object]) -> None:
    app, _ = sqlite_app
    there = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert there == set(STATED)


def test_everybody_gets_what_the_table_states(world: World, person: str) -> None:
    walked = {row: world.outcome(world.call(person, *row)) for row in STATED}

    assert walked == {row: stated[person] for row, stated in STATED.items()}


def test_a_get_changes_no_row(world: World) -> None:
    before = all_rows(world.app)

    for (endpoint, method), stated in STATED.items():
        for person in PEOPLE:
            if (method, stated[person]) == ("GET", "200"):
                world.call(person, endpoint, method)

    assert all_rows(world.app) == before


def all_rows(app: Flask) -> dict[str, set[str]]:
    with app.app_context():
        return {
            table.name: {repr(row) for row in reading().execute(select(table))}
            for table in Base.metadata.sorted_tables
            if table.name not in ON_RECORD
        }


def test_nothing_is_changed_without_a_token(world: World, person: str) -> None:
    changing = [
        endpoint
        for (endpoint, method), stated in STATED.items()
        if method == "POST" and stated[person] not in ("401", "403", ">accounts.sign_in")
        if endpoint not in SIGNED_IN_THE_ADDRESS
    ]
    before = all_rows(world.app)

    walked = {
        endpoint: world.outcome(world.client_of(person).post(world.address(endpoint, "POST"), data=SENT.get(endpoint)))
        for endpoint in changing
    }

    assert walked == dict.fromkeys(changing, "400")
    assert all_rows(world.app) == before


IDS = {
    "visit_id",
    "officer_id",
    "plan_id",
    "attachment_id",
    "user_id",
    "assignment_id",
    "held_id",
    "link_id",
    "report_id",
    "action_id",
    "question_id",
    "proposal_id",
    "device_id",
    "handover_id",
    "cover_id",
    "partnership_id",
    "activity_id",
    "goal_id",
}


def rows_in_addresses(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            is_made_on_the_tablet = method == "PUT"  # its id is new to us, or it is a conflict
            if rule.arguments & {"code", *IDS} and not is_made_on_the_tablet:
                yield rule.endpoint, method


def test_what_belongs_to_another_facilitator_is_not_there(world: World) -> None:
    walked = {
        row: world.outcome(world.call("facilitator", *row, **world.foreign))
        for row in rows_in_addresses(world.app)
        if STATED[row]["facilitator"] != "403"
    }

    assert walked
    assert set(walked.values()) == {"404"}, walked


def test_another_cooperatives_officer_is_not_there_under_ones_own(world: World) -> None:
    response = world.call(
        "facilitator", "cooperatives.end_officer_term", "POST", officer_id=world.foreign["officer_id"]
    )

    assert response.status_code == 404


def test_what_nobody_ever_made_is_not_there(world: World, somebody: str) -> None:
    nowhere: dict[str, Any] = {"code": "64.71.03.9999", **{name: uuid.uuid4() for name in IDS}}
    allowed = [row for row in rows_in_addresses(world.app) if STATED[row][somebody] != "403"]

    walked = {row: world.outcome(world.call(somebody, *row, **nowhere)) for row in allowed}

    assert walked == dict.fromkeys(allowed, "404")


@pytest.mark.parametrize("role", ["agency_head", "admin"])
def test_the_agency_of_another_region_finds_nothing(world: World, role: str) -> None:
    world.change(role, scope_prefix=KARIANGAU[:8])
    allowed = [row for row in rows_in_addresses(world.app) if STATED[row][role] != "403"]

    walked = {row: world.outcome(world.call(role, *row)) for row in allowed}

    assert walked == dict.fromkeys(allowed, "404")
    assert world.call(role, "cooperatives.detail", "GET", code=KARIANGAU).status_code == 200


def test_a_cooperative_sees_its_own_plan_and_no_other(world: World) -> None:
    shown = world.call("cooperative", "portal.plan", "GET").get_data(as_text=True)

    assert "Rapikan buku kas" in shown
    assert "Rahasia" not in shown


def test_whoever_must_change_the_password_is_led_there_from_everywhere(world: World, somebody: str) -> None:
    world.change(somebody, must_change_password=True)
    closed = [
        row
        for row, stated in STATED.items()
        if row[0] not in BEFORE_THE_PASSWORD_IS_CHANGED and stated[somebody] != "403"
    ]

    walked = {row: world.outcome(world.call(somebody, *row)) for row in closed}

    assert walked == {row: "403" if row[0] in ASKED_BY_PROGRAMS else ">accounts.change_password" for row in closed}


def test_before_the_password_is_changed_only_the_way_there_and_out_is_open(world: World) -> None:
    world.change("admin", must_change_password=True)
    open_pages = [row for row in STATED if row[0] in BEFORE_THE_PASSWORD_IS_CHANGED and row[1] == "GET"]

    walked = {row: world.outcome(world.call("admin", *row)) for row in open_pages}

    assert walked == {row: STATED[row]["admin"] for row in open_pages}
    assert {
        endpoint for endpoint in world.app.view_functions if access_of(world.app, endpoint).before_password_change
    } == (BEFORE_THE_PASSWORD_IS_CHANGED)


def test_a_closed_account_is_signed_out_everywhere(world: World, somebody: str) -> None:
    client = world.client_of(somebody)
    with world.app.app_context(), transaction() as session:
        deactivate_user(session, session.get_one(User, world.people[somebody]), actor=ACTOR, now=NOW)

    hands_in = {"field.session": "200", "field.leaving": "200"}
    led = {
        endpoint: ">field.leaving" if outcome == ">accounts.sign_in" else outcome
        for endpoint, outcome in stated_gets("nobody").items()
    }
    expected = {**led, **hands_in} if somebody == "facilitator" else stated_gets("nobody")
    assert walk_all_gets(world, client) == expected


def test_a_session_from_before_the_last_change_of_password_is_over(world: World, somebody: str) -> None:
    client = world.client_of(somebody)
    world.change(somebody, session_version=2)

    assert walk_all_gets(world, client) == stated_gets("nobody")


@pytest.mark.parametrize("forged", ["", "x", ":", "x:1", f"{uuid.UUID(int=0)}:1", f"{uuid.UUID(int=0)}"])
def test_a_session_of_nobody_we_know_is_nobodys(world: World, forged: str) -> None:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = forged

    assert world.outcome(client.get("/")) == ">accounts.sign_in"


def walk_all_gets(world: World, client: FlaskClient) -> dict[str, str]:
    gets = [endpoint for endpoint, method in STATED if method == "GET"]
    return {endpoint: world.outcome(world.call("nobody", endpoint, "GET", client=client)) for endpoint in gets}


def stated_gets(person: str) -> dict[str, str]:
    return {endpoint: stated[person] for (endpoint, method), stated in STATED.items() if method == "GET"}


def test_whoever_is_not_signed_in_is_brought_back_to_what_they_asked_for(client: FlaskClient) -> None:
    answer = client.get("/koperasi?q=graha&tahap=operasional")

    assert answer.headers["Location"] == "/masuk?next=/koperasi?q%3Dgraha%26tahap%3Doperasional"


@pytest.mark.parametrize(("path", "status"), [("/api/v1/session", 401), ("/api/v1/nowhere", 404), ("/api/", 404)])
def test_the_api_refuses_in_its_own_words(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.get_json(force=True)["status"] == status


def test_an_endpoint_that_does_not_say_who_may_call_it_keeps_the_app_from_starting(
    sqlite_app: tuple[Flask, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = Blueprint("forgetful", __name__)
    forgetful.add_url_rule("/terbuka", endpoint="page", view_func=lambda: "anybody")
    monkeypatch.setattr(pendamping.app, "FEATURES", (*pendamping.app.FEATURES, forgetful))

    with pytest.raises(RuntimeError, match=r"endpoint forgetful\.page does not say who may call it"):
        create_app(sqlite_app[0].config["SETTINGS"])
