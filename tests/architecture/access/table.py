"""Who may call what: one row for each endpoint and method, by blueprint.

A new endpoint gets its row in its blueprint's block. What a POST sends stands in `requests.py`; rows that the address
names, `<uuid:goal_id>`, are made in `world.py`, once for each of two cooperatives.
"""

from pendamping.kernel.roles import Role

PEOPLE = [*map(str, Role), "nobody"]
TABLE = """
endpoint                         method  facilitator           agency_head           admin                     cooperative          nobody

home                             GET     200                   200                   200                       200                  >accounts.sign_in
healthz                          GET     200                   200                   200                       200                  200
static                           GET     200                   200                   200                       200                  200

worker.script                    GET     200                   200                   200                       200                  200
worker.manifest                  GET     200                   200                   200                       200                  200
worker.offline                   GET     200                   200                   200                       200                  200

accounts.sign_in                 GET     >home                 >home                 >home                     >home                200
accounts.sign_in                 POST    >home                 >home                 >home                     >home                >home
accounts.sign_out                POST    >accounts.sign_in     >accounts.sign_in     >accounts.sign_in         >accounts.sign_in    >accounts.sign_in
accounts.change_password         GET     200                   200                   200                       200                  >accounts.sign_in
accounts.change_password         POST    >home                 >home                 >home                     >home                >accounts.sign_in
accounts.change_language         POST    >home                 >home                 >home                     >home                >home

links.index                      GET     200                   403                   200                       403                  >accounts.sign_in
links.make                       POST    200                   403                   200                       403                  >accounts.sign_in
links.revoke                     POST    >links.index          403                   >links.index              403                  >accounts.sign_in
links.open_link                  GET     200                   200                   200                       200                  200
links.enter                      POST    401                   401                   401                       401                  401

cooperatives.index               GET     200                   200                   200                       403                  >accounts.sign_in
cooperatives.detail              GET     200                   200                   200                       403                  >accounts.sign_in
cooperatives.edit                GET     200                   403                   200                       403                  >accounts.sign_in
cooperatives.edit                POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in
cooperatives.add_officer         GET     200                   403                   200                       403                  >accounts.sign_in
cooperatives.add_officer         POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in
cooperatives.end_officer_term    POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in
cooperatives.history             GET     200                   200                   200                       403                  >accounts.sign_in

visits.new                       GET     200                   403                   403                       403                  >accounts.sign_in
visits.new                       POST    >visits.detail        403                   403                       403                  >accounts.sign_in
visits.detail                    GET     200                   200                   200                       403                  >accounts.sign_in
visits.preparation               GET     200                   200                   200                       403                  >accounts.sign_in

plans.plan                       GET     200                   200                   200                       403                  >accounts.sign_in

actions.detail                   GET     200                   200                   200                       403                  >accounts.sign_in
actions.note                     GET     200                   403                   403                       403                  >accounts.sign_in
actions.note                     POST    >actions.detail       403                   403                       403                  >accounts.sign_in
actions.change_due               GET     200                   403                   403                       403                  >accounts.sign_in
actions.change_due               POST    >actions.detail       403                   403                       403                  >accounts.sign_in
actions.check                    GET     200                   403                   403                       403                  >accounts.sign_in
actions.check                    POST    >actions.detail       403                   403                       403                  >accounts.sign_in
actions.reopen                   GET     200                   403                   403                       403                  >accounts.sign_in
actions.reopen                   POST    >actions.detail       403                   403                       403                  >accounts.sign_in
actions.settle                   GET     200                   403                   403                       403                  >accounts.sign_in
actions.settle                   POST    409                   403                   403                       403                  >accounts.sign_in
actions.cancel                   GET     200                   403                   403                       403                  >accounts.sign_in
actions.cancel                   POST    >actions.detail       403                   403                       403                  >accounts.sign_in
actions.link                     GET     200                   403                   403                       403                  >accounts.sign_in
actions.link                     POST    400                   403                   403                       403                  >accounts.sign_in
actions.join                     GET     200                   403                   403                       403                  >accounts.sign_in
actions.join                     POST    400                   403                   403                       403                  >accounts.sign_in
actions.add                      GET     200                   403                   403                       403                  >accounts.sign_in
actions.add                      POST    >actions.detail       403                   403                       403                  >accounts.sign_in
actions.question                 GET     200                   200                   200                       403                  >accounts.sign_in
actions.answer                   POST    >board.waiting        403                   403                       403                  >accounts.sign_in

board.index                      GET     200                   200                   200                       403                  >accounts.sign_in
board.listed                     GET     200                   200                   200                       403                  >accounts.sign_in
board.waiting                    GET     200                   200                   200                       403                  >accounts.sign_in
board.change_due_of_several      POST    400                   403                   403                       403                  >accounts.sign_in

goals.add                        GET     200                   403                   403                       403                  >accounts.sign_in
goals.add                        POST    >plans.plan           403                   403                       403                  >accounts.sign_in
goals.close                      GET     200                   403                   403                       403                  >accounts.sign_in
goals.close                      POST    >plans.plan           403                   403                       403                  >accounts.sign_in

activities.index                 GET     200                   200                   200                       403                  >accounts.sign_in
activities.detail                GET     200                   200                   200                       403                  >accounts.sign_in
activities.add                   GET     200                   200                   200                       403                  >accounts.sign_in
activities.add                   POST    >activities.detail    >activities.detail    >activities.detail        403                  >accounts.sign_in
activities.correct               GET     200                   403                   200                       403                  >accounts.sign_in
activities.correct               POST    >activities.detail    403                   >activities.detail        403                  >accounts.sign_in
activities.photo                 GET     200                   200                   200                       200                  >accounts.sign_in

portal.ask                       POST    403                   403                   403                       >portal.plan         >accounts.sign_in
portal.activity                  GET     403                   403                   403                       200                  >accounts.sign_in
portal.partnerships              GET     403                   403                   403                       200                  >accounts.sign_in
portal.plan                      GET     403                   403                   403                       200                  >accounts.sign_in
portal.acknowledge               POST    403                   403                   403                       >portal.plan         >accounts.sign_in
portal.progress                  GET     403                   403                   403                       200                  >accounts.sign_in
portal.visits                    GET     403                   403                   403                       200                  >accounts.sign_in
portal.documents                 GET     403                   403                   403                       200                  >accounts.sign_in

progress.score                   GET     200                   200                   200                       403                  >accounts.sign_in
progress.score_chart             GET     200                   200                   200                       200                  >accounts.sign_in
progress.score_picture           GET     200                   200                   200                       200                  >accounts.sign_in

explained.visit_score            GET     200                   200                   200                       403                  >accounts.sign_in
explained.unproven               GET     200                   200                   200                       403                  >accounts.sign_in
explained.all_unproven           GET     200                   200                   200                       403                  >accounts.sign_in

followed.item                    GET     200                   200                   200                       403                  >accounts.sign_in

partnerships.index               GET     200                   200                   200                       403                  >accounts.sign_in
partnerships.add                 GET     200                   403                   200                       403                  >accounts.sign_in
partnerships.add                 POST    >partnerships.index   403                   >partnerships.index       403                  >accounts.sign_in
partnerships.change              GET     200                   403                   200                       403                  >accounts.sign_in
partnerships.change              POST    >partnerships.index   403                   >partnerships.index       403                  >accounts.sign_in
partnerships.businesses          GET     200                   403                   200                       403                  >accounts.sign_in
partnerships.businesses          POST    >partnerships.index   403                   >partnerships.index       403                  >accounts.sign_in

records.documents                GET     200                   200                   200                       403                  >accounts.sign_in
records.add_document             GET     200                   403                   200                       403                  >accounts.sign_in
records.add_document             POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in
records.replace_document         GET     200                   403                   200                       403                  >accounts.sign_in
records.replace_document         POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in
records.withdraw_document        POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in
records.figures                  GET     200                   403                   200                       403                  >accounts.sign_in
records.figures                  POST    >cooperatives.detail  403                   >cooperatives.detail      403                  >accounts.sign_in

reports.visit_record             GET     200                   200                   200                       200                  >accounts.sign_in
reports.plan_paper               GET     200                   200                   200                       403                  >accounts.sign_in
reports.own_plan_paper           GET     403                   403                   403                       200                  >accounts.sign_in

monthly.index                    GET     200                   403                   403                       403                  >accounts.sign_in
monthly.write                    GET     200                   403                   403                       403                  >accounts.sign_in
monthly.take_back                POST    >monthly.write        403                   403                       403                  >accounts.sign_in
monthly.write                    POST    >monthly.write        403                   403                       403                  >accounts.sign_in
monthly.add                      GET     >monthly.write        403                   403                       403                  >accounts.sign_in
monthly.add                      POST    409                   403                   403                       403                  >accounts.sign_in
monthly.queue                    GET     403                   200                   200                       403                  >accounts.sign_in
monthly.review                   GET     403                   200                   200                       403                  >accounts.sign_in
monthly.review                   POST    403                   >monthly.queue        403                       403                  >accounts.sign_in
monthly.photo                    GET     200                   200                   200                       403                  >accounts.sign_in
monthly.paper                    GET     200                   200                   200                       403                  >accounts.sign_in

search.index                     GET     200                   200                   200                       403                  >accounts.sign_in

exports.index                    GET     200                   200                   200                       403                  >accounts.sign_in
exports.index                    POST    200                   200                   200                       403                  >accounts.sign_in

own_actions.detail               GET     403                   403                   403                       200                  >accounts.sign_in
own_actions.note_progress        POST    403                   403                   403                       >own_actions.detail  >accounts.sign_in
own_actions.respond              POST    403                   403                   403                       >own_actions.detail  >accounts.sign_in
own_actions.ask                  POST    403                   403                   403                       >own_actions.detail  >accounts.sign_in
own_actions.report_done          POST    403                   403                   403                       >own_actions.detail  >accounts.sign_in

own_figures.index                GET     403                   403                   403                       200                  >accounts.sign_in
own_figures.propose              GET     403                   403                   403                       200                  >accounts.sign_in
own_figures.propose              POST    403                   403                   403                       >own_figures.index   >accounts.sign_in

proposals.index                  GET     200                   200                   200                       403                  >accounts.sign_in
proposals.confirm                POST    >proposals.index      403                   >proposals.index          403                  >accounts.sign_in
proposals.send_back              POST    409                   403                   409                       403                  >accounts.sign_in

stages.detail                    GET     200                   200                   200                       403                  >accounts.sign_in
stages.detail                    POST    403                   >stages.detail        403                       403                  >accounts.sign_in
stages.designations              GET     403                   200                   200                       403                  >accounts.sign_in
stages.designations              POST    403                   >stages.designations  403                       403                  >accounts.sign_in

programme_view.index             GET     403                   200                   200                       403                  >accounts.sign_in
programme_view.chart             GET     403                   200                   200                       403                  >accounts.sign_in
programme_view.picture           GET     403                   200                   200                       403                  >accounts.sign_in
programme_view.people            GET     403                   200                   200                       403                  >accounts.sign_in

evaluations.index                GET     403                   200                   200                       403                  >accounts.sign_in
evaluations.issue                POST    403                   409                   403                       403                  >accounts.sign_in
evaluations.city                 GET     403                   200                   200                       403                  >accounts.sign_in
evaluations.list_of_cooperative  GET     200                   200                   200                       403                  >accounts.sign_in
evaluations.cooperative          GET     200                   200                   200                       403                  >accounts.sign_in
evaluations.own                  GET     403                   403                   403                       404                  >accounts.sign_in

attention.index                  GET     403                   200                   200                       403                  >accounts.sign_in
attention.act                    POST    403                   >attention.index      >attention.index          403                  >accounts.sign_in
attention.see                    POST    403                   >home                 >home                     403                  >accounts.sign_in
attention.question               GET     200                   200                   200                       403                  >accounts.sign_in
attention.question               POST    >attention.question   403                   403                       403                  >accounts.sign_in

people.index                     GET     403                   403                   200                       403                  >accounts.sign_in
people.create                    GET     403                   403                   200                       403                  >accounts.sign_in
people.create                    POST    403                   403                   200                       403                  >accounts.sign_in
people.detail                    GET     403                   403                   200                       403                  >accounts.sign_in
people.reset_password            POST    403                   403                   200                       403                  >accounts.sign_in
people.deactivate                POST    403                   403                   >people.detail            403                  >accounts.sign_in
people.reactivate                POST    403                   403                   >people.detail            403                  >accounts.sign_in

assignments.index                GET     403                   403                   200                       403                  >accounts.sign_in
assignments.index                POST    403                   403                   >assignments.index        403                  >accounts.sign_in
assignments.hand_over            GET     403                   403                   200                       403                  >accounts.sign_in
assignments.hand_over            POST    403                   403                   >assignments.history      403                  >accounts.sign_in
assignments.history              GET     403                   403                   200                       403                  >accounts.sign_in

programme.years                  GET     403                   403                   200                       403                  >accounts.sign_in
programme.edit_year              GET     403                   403                   200                       403                  >accounts.sign_in
programme.edit_year              POST    403                   403                   >programme.years          403                  >accounts.sign_in
programme.next_year              GET     403                   403                   200                       403                  >accounts.sign_in
programme.next_year              POST    403                   403                   >programme.years          403                  >accounts.sign_in
programme.office                 GET     403                   403                   200                       403                  >accounts.sign_in
programme.office                 POST    403                   403                   >programme.office         403                  >accounts.sign_in

instruments.index                GET     403                   200                   200                       403                  >accounts.sign_in
instruments.version              GET     403                   200                   200                       403                  >accounts.sign_in
instruments.file                 GET     403                   200                   200                       403                  >accounts.sign_in

drafting.draft                   GET     403                   403                   200                       403                  >accounts.sign_in
drafting.file                    GET     403                   403                   200                       403                  >accounts.sign_in
drafting.upload                  GET     403                   403                   200                       403                  >accounts.sign_in
drafting.facts                   GET     403                   403                   200                       403                  >accounts.sign_in
drafting.bands                   GET     403                   403                   200                       403                  >accounts.sign_in
drafting.add_section             GET     403                   403                   200                       403                  >accounts.sign_in
drafting.section                 GET     403                   403                   200                       403                  >accounts.sign_in
drafting.add_item                GET     403                   403                   200                       403                  >accounts.sign_in
drafting.item                    GET     403                   403                   200                       403                  >accounts.sign_in
drafting.try_out                 GET     403                   403                   200                       403                  >accounts.sign_in
drafting.publish                 GET     403                   403                   200                       403                  >accounts.sign_in
drafting.start                   POST    403                   403                   >drafting.draft           403                  >accounts.sign_in
drafting.upload                  POST    403                   403                   400                       403                  >accounts.sign_in
drafting.bands                   POST    403                   403                   400                       403                  >accounts.sign_in
drafting.section                 POST    403                   403                   400                       403                  >accounts.sign_in
drafting.add_section             POST    403                   403                   400                       403                  >accounts.sign_in
drafting.item                    POST    403                   403                   400                       403                  >accounts.sign_in
drafting.add_item                POST    403                   403                   400                       403                  >accounts.sign_in
drafting.remove_item             POST    403                   403                   >drafting.draft           403                  >accounts.sign_in
drafting.remove_section          POST    403                   403                   >drafting.draft           403                  >accounts.sign_in
drafting.facts                   POST    403                   403                   >drafting.draft           403                  >accounts.sign_in
drafting.publish                 POST    403                   403                   >instruments.index        403                  >accounts.sign_in
drafting.discard                 POST    403                   403                   >instruments.index        403                  >accounts.sign_in

schedule.index                   GET     200                   200                   200                       403                  >accounts.sign_in
schedule.new                     GET     200                   403                   403                       403                  >accounts.sign_in
schedule.new                     POST    >schedule.index       403                   403                       403                  >accounts.sign_in
schedule.detail                  GET     200                   200                   200                       403                  >accounts.sign_in
schedule.change_agenda           GET     200                   403                   403                       403                  >accounts.sign_in
schedule.change_agenda           POST    >schedule.detail      403                   403                       403                  >accounts.sign_in
schedule.move                    GET     200                   403                   403                       403                  >accounts.sign_in
schedule.move                    POST    >schedule.detail      403                   403                       403                  >accounts.sign_in
schedule.cancel                  GET     200                   403                   403                       403                  >accounts.sign_in
schedule.cancel                  POST    >schedule.detail      403                   403                       403                  >accounts.sign_in

drafts.save                      PUT     200                   403                   403                       403                  401
drafts.discard                   POST    >home                 403                   403                       403                  >accounts.sign_in

corrections.correct              GET     200                   403                   403                       403                  >accounts.sign_in
corrections.correct              POST    >visits.detail        403                   403                       403                  >accounts.sign_in
corrections.add                  GET     200                   403                   403                       403                  >accounts.sign_in
corrections.add                  POST    >visits.detail        403                   403                       403                  >accounts.sign_in

requests.ask                     GET     403                   200                   200                       403                  >accounts.sign_in
requests.ask                     POST    403                   >requests.ask         >requests.ask             403                  >accounts.sign_in
requests.withdraw                POST    403                   >requests.ask         >requests.ask             403                  >accounts.sign_in

attachments.put                  PUT     200                   403                   403                       403                  401
attachments.show                 GET     200                   200                   200                       200                  >accounts.sign_in
attachments.original             GET     200                   200                   200                       200                  >accounts.sign_in

reminders.index                  GET     200                   200                   200                       200                  >accounts.sign_in
reminders.read_all               POST    >reminders.index      >reminders.index      >reminders.index          >reminders.index     >accounts.sign_in
reminders.choose                 GET     200                   200                   200                       200                  >accounts.sign_in
reminders.choose                 POST    >reminders.choose     >reminders.choose     >reminders.choose         >reminders.choose    >accounts.sign_in
reminders.make_feed              POST    200                   200                   200                       200                  >accounts.sign_in
reminders.revoke_feed            POST    >reminders.choose     >reminders.choose     >reminders.choose         >reminders.choose    >accounts.sign_in
reminders.feed                   GET     404                   404                   404                       404                  404
reminders.subscribe              POST    400                   400                   400                       400                  >accounts.sign_in
reminders.unsubscribe_browser    POST    200                   200                   200                       200                  >accounts.sign_in
reminders.unsubscribe            GET     404                   404                   404                       404                  404
reminders.unsubscribe            POST    404                   404                   404                       404                  404
reminders.confirm_mail           GET     404                   404                   404                       404                  404
reminders.confirm_mail           POST    404                   404                   404                       404                  404
reminders.ask_again              POST    >reminders.choose     >reminders.choose     >reminders.choose         >reminders.choose    >accounts.sign_in
reminders.read                   POST    404                   404                   404                       404                  >accounts.sign_in

reminder_admin.rules             GET     403                   403                   200                       403                  >accounts.sign_in
reminder_admin.rule              GET     403                   403                   200                       403                  >accounts.sign_in
reminder_admin.rule              POST    403                   403                   >reminder_admin.rules     403                  >accounts.sign_in
reminder_admin.calendar          GET     403                   403                   200                       403                  >accounts.sign_in
reminder_admin.calendar          POST    403                   403                   >reminder_admin.calendar  403                  >accounts.sign_in
reminder_admin.import_calendar   POST    403                   403                   400                       403                  >accounts.sign_in
reminder_admin.remove_day_off    POST    403                   403                   >reminder_admin.calendar  403                  >accounts.sign_in
reminder_admin.jobs              GET     403                   403                   200                       403                  >accounts.sign_in

obligations.index                GET     403                   403                   200                       403                  >accounts.sign_in
obligations.create               GET     403                   403                   200                       403                  >accounts.sign_in
obligations.create               POST    403                   403                   >obligations.detail       403                  >accounts.sign_in
obligations.read_file            GET     403                   403                   200                       403                  >accounts.sign_in
obligations.read_file            POST    403                   403                   400                       403                  >accounts.sign_in
obligations.detail               GET     403                   403                   200                       403                  >accounts.sign_in
obligations.detail               POST    403                   403                   >obligations.detail       403                  >accounts.sign_in
obligations.end                  POST    403                   403                   >obligations.detail       403                  >accounts.sign_in

duties.index                     GET     200                   200                   200                       200                  >accounts.sign_in
duties.plan_meeting              POST    >duties.index         403                   >duties.index             403                  >accounts.sign_in
duties.meet                      POST    >duties.index         403                   >duties.index             403                  >accounts.sign_in

field.session                    GET     200                   200                   200                       200                  401
field.records                    POST    200                   403                   403                       403                  401
field.compare                    GET     404                   403                   403                       403                  401
field.field_pack                 GET     200                   403                   403                       403                  401
field.openapi                    GET     200                   200                   200                       200                  401
field.shipping                   GET     200                   403                   403                       403                  >accounts.sign_in
field.leaving                    GET     >field.shipping       403                   403                       403                  >accounts.sign_in

devices.register                 PUT     200                   403                   403                       403                  401
devices.index                    GET     200                   403                   200                       403                  >accounts.sign_in
devices.rename                   POST    >devices.index        403                   >devices.index            403                  >accounts.sign_in
devices.revoke                   POST    >devices.index        403                   >devices.index            403                  >accounts.sign_in

handover.index                   GET     200                   200                   200                       403                  >accounts.sign_in
handover.detail                  GET     200                   200                   200                       403                  >accounts.sign_in
handover.detail                  POST    400                   400                   400                       403                  >accounts.sign_in
handover.cover                   GET     403                   403                   200                       403                  >accounts.sign_in
handover.cover                   POST    403                   403                   400                       403                  >accounts.sign_in
handover.end                     POST    403                   403                   >handover.cover           403                  >accounts.sign_in

copies.index                     GET     403                   403                   200                       403                  >accounts.sign_in
copies.index                     POST    403                   403                   400                       403                  >accounts.sign_in

quarantine.index                 GET     403                   200                   200                       403                  >accounts.sign_in
quarantine.index                 POST    403                   400                   400                       403                  >accounts.sign_in
quarantine.detail                GET     403                   200                   200                       403                  >accounts.sign_in
"""  # noqa: E501  # a table is read in columns
"""A number is a status, `>` an endpoint to which the answer leads; what is sent is in order."""


def _stated() -> dict[tuple[str, str], dict[str, str]]:
    heading, *rows = (line.split() for line in TABLE.splitlines() if line.strip())
    assert heading[2:] == PEOPLE
    return {(endpoint, method): dict(zip(PEOPLE, said, strict=True)) for endpoint, method, *said in rows}


STATED = _stated()

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
