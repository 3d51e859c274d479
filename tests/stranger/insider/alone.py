"""Routes of one person alone that are no cell of the matrix: spellings, rejections over a hit, alerts, suspicions, what
reaches the outside world, probing of masked values, and texts that tip off. Each has its honest counterpart.
"""

import itertools
import json
import os

from insider import desk
from insider.desk import Case, must, owner, session, word_of
from insider.facts import LEADS, ROLES, WORDS, People, company, hit, identity, person, report, resolve, result_of
from insider.judging import expect, held_by, must_approve, must_do, must_hold, must_refuse

ROUTES = []
BECAUSE = ("--reason", WORDS)


class Route:
    def __init__(self, title, lines, play):
        self.title, self.lines, self.play = title, lines, play


def route(title, play, lines=None):
    """play(case, adverse, screen): its acts, and what must be true of them. lines(case): the lines that are imported before."""
    ROUTES.append(Route(title, lines or (lambda c: [company(c.number)]), play))


def by_both_admins(*words, given=None):
    must(owner(*words, given=given))
    must(session("max", *words, given=given or b""))


def bring_in(lines):
    with open(os.path.join(desk.FOLDER, "in.ndjson"), "w") as file:
        file.writelines(json.dumps(one) + "\n" for one in lines)
    must(desk.bring_in())


def make_lax(_):
    """Both admins install rules that ask for no document, so that a fact is what holds."""
    with open(os.path.join(os.path.dirname(__file__), "../../../data/workflows/ralio-kyb.json")) as file:
        rules = json.load(file)
    rules["document_rules"]["submit_needs_mandatory"] = False
    by_both_admins("workflow", "install", "-", given=json.dumps(dict(
        rules, version=2, documents=[dict(d, mandatory=False) for d in rules["documents"]])).encode())


# --- spellings of a person, whole and shortened, and of a company ---

PERSONS = (("Otto Weidenbach", "OTTO WEIDENBACH"), ("Otto Weidenbach", "Weidenbach, Otto"), ("Otto Weidenbach", "Weidenbach Otto"),
           ("José Muñoz Ibáñez", "Jose Munoz Ibanez"), ("Jürgen Müller", "Juergen Mueller"), ("Александр Волков", "Aleksandr Volkov"),
           ("Aleksandr Volkov", "Alexander Wolkow"), ("محمد الحسيني", "Mohammed Al-Husseini"), ("Mohamed El Sayed", "Muhammad al-Sayyid"),
           ("Γεώργιος Παπαδόπουλος", "Georgios Papadopoulos"), ("李小龙", "Li Xiaolong"), ("Nguyễn Văn An", "NGUYEN VAN AN"),
           ("Seán O'Brien", "Se\u200ban O’Brien"), ("Anna Maria Kowalska", "Anna M. Kowalska"), ("Anna Maria Kowalska", "KOWALSKA ANNA"),
           ("John Smith", "John Ronald Smith"), ("Joana R. Pires Leite", "Joana Rita Leite"), ("Ольга Петровна Зимина", "Olga Zimina"))
COMPANIES = (("Nordlicht Handels GmbH", "NORDLICHT HANDELS GMBH"), ("Nordlicht Handels GmbH", "Nordlicht-Handels G.m.b.H."),
             ("Nordlicht Handels GmbH", "Nordlicht Handels Gesellschaft mit beschränkter Haftung"), ("Müller & Söhne KG", "Mueller und Soehne KG"),
             ("ООО Ромашка", "OOO Romashka"), ("Harbour Lane Trading Limited", "Harbour Lane Trading Ltd."),
             ("Société du Bois S.A.", "Societe du Bois SA"))
NUMBERS = (("HRB %d17", "hrb-%d17"), ("HRB %d17", "HRB 00%d17"), ("HRB %d17", "НRВ %d17"), ("HRB %d17", "ＨＲＢ%d17"), ("HRB %d17", "HRB/%d.17"),
           ("HRB %d17", "H\u200bR\u00adB %dl7"))


def restricted(first, people):
    must_do(first.do(people.judge, "reject", first.name, "--reason", "suspected_fraud", "--grace", "0"))


def under_suspicion(first, people):
    must_do(first.do(people.reporter, "suspicion", "open", first.name, *BECAUSE))


def on_a_list(first, people):
    must_do(report(first, people.reporter, "watchlist", "hit", klass="sanctions"))


def failed_ofac(first, people):
    must_do(report(first, people.reporter, "ofac", "failed"))


def not_settled(first, people):
    must_do(report(first, people.reporter, "ofac", "hit", klass="sanctions"))
    must_do(resolve(first, people.judge, "--as-undetermined", "--reason", "other"))


AGAINST = (restricted, under_suspicion, on_a_list, failed_ofac, not_settled)


def twin_route(title, number, role, against, first_line, second_line):
    """The first case gets the fact; then the second one comes. Without the fact the first is another subject."""
    def play(c, adverse, screen):
        people, first = People(role), Case(c.number + 4000, c.desk)
        if adverse:
            against(first, people)
        bring_in([second_line(c)])
        if adverse:
            must_hold(c, role, "duplicate_open" if role in LEADS else "held", screen)
        else:
            must_approve(c, role, number % (3 if screen else 2))
    route("%s, %s, by %s: held" % (title, against.__name__.replace("_", " "), role), play,
          lambda c: [first_line(c, c.number + 4000, c.number < 2000)])


def owned_by(number, name, born):
    """A company whose owner has this name, and an approved KYC."""
    line = company(number)
    line["parties"][0].update(name=name, date_of_birth=born)
    return line


for n, (known, spelled) in enumerate(PERSONS):
    def born(c):
        return "19%02d-%02d-%02d" % (50 + c.number % 40, 1 + c.number % 12, 1 + c.number % 28)
    twin_route("a person known as %s comes as %s %r" % (known, ("owner", "subject")[n % 2], spelled), n, ROLES[n % 4], AGAINST[n % 5],
               lambda c, number, adverse, known=known: person(number, known if adverse else "Nia " + word_of(number), born(c)),
               lambda c, spelled=spelled, n=n: dict(person(c.number, spelled, born(c)), merchant="harbour-pay") if n % 2 else owned_by(
                   c.number, spelled, born(c)))


def named(c, number, name, **more):
    """A company of this name; its owner is the same person in both cases of a route."""
    line = owned_by(number, "Ida " + word_of(c.number), "1971-03-%02d" % (1 + c.number % 28))
    line["subject"].update(name=name, country="DEU", **more)
    return line


for n, (known, spelled) in enumerate(COMPANIES):
    twin_route("a company known as %s comes as %r, with the same owner" % (known, spelled), n, ROLES[(n + 1) % 4], AGAINST[n % 5],
               lambda c, number, adverse, known=known: named(c, number, known if adverse else "Route %s GmbH" % word_of(number)),
               lambda c, spelled=spelled: named(c, c.number, spelled))
for n, (known, spelled) in enumerate(NUMBERS):
    def numbered(number, registration):
        line = company(number)
        line["subject"].update(country="DEU", registration_number=registration)
        return line
    twin_route("a company known by %s comes with %r" % (known, spelled), n, ROLES[(n + 2) % 4], AGAINST[(n + 3) % 5],
               lambda c, number, adverse, known=known: numbered(number, known % c.number if adverse else "X %d" % number),
               lambda c, spelled=spelled: numbered(c.number, spelled % c.number))

# --- a rejection over what is open ---

OVER = (("an open sanctions hit", "hit_open", lambda c, p, bad: report(c, p.reporter, "watchlist", "hit" if bad else "passed", klass="sanctions" if bad else None)),
        ("an open sanctions hit about the owner", "hit_open", lambda c, p, bad: report(
            c, p.reporter, "ofac", "hit" if bad else "passed", "owner", "sanctions" if bad else None)),
        ("a failed ofac", "check_failed", lambda c, p, bad: report(c, p.reporter, "ofac", "failed" if bad else "passed")),
        ("a failed watchlist about the company", "check_failed", lambda c, p, bad: report(c, p.reporter, "watchlist", "failed" if bad else "passed", "company")),
        ("a failed ofac that passed later", "check_failed", lambda c, p, bad: (
            report(c, p.reporter, "ofac", "failed" if bad else "passed"), report(c, p.reporter, "ofac", "passed"))))
for n, ((title, code, make), role) in enumerate(itertools.product(OVER, ROLES)):
    def rejected(c, adverse, screen, code=code, make=make, role=role):
        make(c, People(role), adverse)
        for reason in ("other", "unsupported_activity"):
            reject = (lambda: c.do(role, "reject", "CASE", "--reason", reason, "--note", WORDS, "--grace", "0"),
                      lambda: c.own(role, {"status": "rejected", "reason": reason}))
            for act in (one() for one in reject):
                if not adverse:
                    expect(c.show()["status"] == "rejected", "the honest rejection is refused:", act)
                    return
                held_by(act, code)
        expect(c.show()["status"] == "manual_review", "REJECTED by", role)
    if n % 2:
        route("a rejection over %s, by %s: %s" % (title, role, code), rejected)

# --- the alert of an approved customer, closed by one ---


def alerted(c, approver, reporter, adverse=True, kind="watchlist"):
    must_do(c.do(approver, "approve", "CASE", "--grace", "0"))
    report(c, reporter, kind, "hit", "owner", "sanctions")
    expect(c.show()["subject"]["level"] == "REGULAR", "the level went down by itself")


def close(c, name):
    return c.do(name, "alert", "close", "CASE", *BECAUSE)


def dismissed(c, name):
    return resolve(c, name, "--as-false-positive", "--reason", "different_name")


def done_unless(adverse, act):
    """The adverse act is refused, its honest counterpart done."""
    (must_refuse if adverse else must_do)(act)


def by_the_approver(c, adverse, screen):
    """The approver may judge what came later, but does not end the alert."""
    alerted(c, "lea", "ana")
    must_do(dismissed(c, "lea"))
    act = close(c, "lea" if adverse else "max")
    done_unless(adverse, act)


def closed_by_the_approver(c, adverse, screen):
    alerted(c, "lea" if adverse else "bo", "ana")
    must_do(dismissed(c, "bo"))
    act = close(c, "lea")
    done_unless(adverse, act)


def closed_by_the_judge(c, adverse, screen):
    alerted(c, "bo", "ana")
    must_do(dismissed(c, "lea"))
    act = close(c, "lea" if adverse else "max")
    done_unless(adverse, act)


def closed_by_the_reporter(c, adverse, screen):
    alerted(c, "bo", "lea")
    must_do(dismissed(c, "ana"))
    act = close(c, "lea" if adverse else "max")
    done_unless(adverse, act)


def closed_while_undetermined(c, adverse, screen):
    alerted(c, "bo", "ana")
    must_do(resolve(c, "max", *(("--as-undetermined", "--reason", "other") if adverse else ("--as-false-positive", "--reason", "different_name"))))
    act = close(c, "lea")
    if adverse:
        held_by(act, "hit_open")
    else:
        must_do(act)


def dismissed_by_the_reporter(c, adverse, screen):
    alerted(c, "bo", "ana")
    act = dismissed(c, "ana" if adverse else "max")
    done_unless(adverse, act)


for title, play in (("the approver dismisses the sanctions hit that came later, and closes the alert", by_the_approver),
                    ("the approver closes the alert after a colleague dismissed the hit", closed_by_the_approver),
                    ("the lead who dismissed the hit closes the alert", closed_by_the_judge),
                    ("the lead who reported the hit closes the alert", closed_by_the_reporter),
                    ("an alert is closed while the hit is undetermined", closed_while_undetermined),
                    ("the reporter dismisses the own hit on an approved case", dismissed_by_the_reporter)):
    route(title, play)

# --- a suspicion, closed by one ---


def suspicion(c, name, verb, *words):
    return c.do(name, "suspicion", verb, "CASE", *words, *BECAUSE)


def closed_by_one(opener, closer, honest):
    def play(c, adverse, screen):
        must_do(suspicion(c, opener, "open"))
        act = suspicion(c, closer if adverse else honest, "close", "--not-filed")
        if adverse:
            must_refuse(act)
            must_hold(c, "bo", "held", screen)
        else:
            must_do(act)
    route("a suspicion that %s opened is closed by %s" % (opener, closer), play)


for three in (("lea", "lea", "max"), ("max", "max", "lea"), ("bo", "bo", "lea"), ("ana", "bo", "max")):
    closed_by_one(*three)


def closed_and_approved(c, adverse, screen):
    must_do(suspicion(c, "ana", "open"))
    must_do(suspicion(c, "lea", "close", "--not-filed"))
    if adverse:
        must_hold(c, "lea", "second_reviewer", screen)
    else:
        must_approve(c, "bo", 0)


route("the lead who closed the suspicion approves", closed_and_approved)


def rejected_for_fraud(c, adverse, screen):
    """The rejection opens the suspicion by itself: who rejected opened it."""
    must_do(c.do("lea", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0"))
    act = suspicion(c, "lea" if adverse else "max", "close", "--not-filed")
    done_unless(adverse, act)


route("the lead whose rejection opened the suspicion closes it", rejected_for_fraud)

# --- what reaches the outside world, changed by one ---


def outside(title, change, in_effect, prepare=lambda c: None, first="max", second="root"):
    """change(case): the words of the command; in_effect(case): whether it acts. One person gives it, then a second one."""
    def play(c, adverse, screen):
        prepare(c)
        words = change(c)
        for _ in range(2):  # the same person twice is one person
            must_do(c.do(first, *words))
        expect(not in_effect(c), "IN EFFECT by one")
        expect("whsec_" not in c.acts[-1].text and "kyb_" not in c.acts[-1].text, "A SECRET IS PRINTED to one")
        if not adverse:
            must(owner(*words) if second == "root" else session(second, *words))
            expect(in_effect(c), "not in effect by two")
    route("%s by one" % title, play, lambda c: [])


def address(c):
    return "https://hooks%d.example.test/in" % c.number


def endpoints(c):
    return [e for e in json.loads(must(owner("endpoint", "list", "--limit", "1000", "--json")))["data"] if e["url"].startswith(address(c))]


def with_endpoint(c):
    by_both_admins("endpoint", "add", "--merchant", "northwind-pay", "--url", address(c), "--event", "*")
    c.end = endpoints(c)[0]["id"]


def disabled(c):
    with_endpoint(c)
    by_both_admins("endpoint", "disable", c.end, *BECAUSE)


def audited(c, action):
    """Whether the change is on record as done."""
    return any(a["action"] == action for a in json.loads(must(owner("audit", "list", "--limit", "60", "--json", "--sort", "-seq")))["data"])


outside("an endpoint is added", lambda c: ("endpoint", "add", "--merchant", "northwind-pay", "--url", address(c), "--event", "*"), endpoints)
outside("the address of an endpoint is changed", lambda c: ("endpoint", "edit", c.end, "--url", address(c) + "/2"),
        lambda c: endpoints(c)[0]["url"].endswith("/2"), with_endpoint)
outside("an endpoint is removed", lambda c: ("endpoint", "remove", c.end), lambda c: not endpoints(c), with_endpoint)
outside("an endpoint that two disabled is enabled", lambda c: ("endpoint", "enable", c.end), lambda c: not endpoints(c)[0]["disabled"], disabled)
outside("a template to all clients is set", lambda c: ("template", "set", "letter%d" % c.number, "Please send all pages."),
        lambda c: "letter%d" % c.number in must(owner("template", "list", "--json")), first="lea")
outside("a merchant with a similar name is added", lambda c: ("merchant", "add", "northwind-pa%s" % "bcdfghjkm"[c.number % 9]),
        lambda c: '"northwind-pa%s"' % "bcdfghjkm"[c.number % 9] in must(owner("merchant", "list", "--json")))
outside("the list of prohibited countries is changed", lambda c: ("store", "set", "prohibited_countries", "A%s" % ("TA", "FG")[c.number < 2000]),
        lambda c: "A%s" % ("TA", "FG")[c.number < 2000] in must(owner("store", "show", "--json")))

# --- a masked value, found by probing ---

NUMBER, MAIL, PHONE = "GB8261%05d37", "w%05dq.mail@lighthouse.example", "+4420%05d7946"


def with_values(c):
    line = company(c.number)
    line["subject"].update(tax_id=NUMBER % c.number, email=MAIL % c.number, phone=PHONE % c.number)
    line["parties"][0].update(tax_id=NUMBER % (c.number + 1000), fields={})
    return [line]


def found(c, query, name="bo"):
    act = c.do(name, "list", "--filter", query)
    return act.status == 0 and any(one["external_ref"] == c.name for one in act.json["data"])


def probing(title, value, whole):
    """Parts of a value find nothing; the whole value does, if it is one that is searched."""
    def play(c, adverse, screen):
        text = value(c)
        if not adverse:
            expect(found(c, '"%s"' % text) == whole, "the whole value is %sfound" % ("not " if whole else ""))
            return
        middle = len(text) // 2
        for part in (text[:4], text[:-1], text[1:], text[-4:], text[2:-2], text[:middle], text[:-1] + "*", text[:-1] + "%", text[:-1] + "_", "%" + text[1:]):
            for query in ('"%s"' % part, '"%s"' % part.lower(), '"%s" status:manual_review' % part):
                expect(not found(c, query), "FOUND by", query)
            for wrong in ("tag:%s", "id:%s", "tax_id:%s", "email:%s"):
                expect(not found(c, wrong % part), "FOUND by", wrong % part)
            expect(found(c, '-"%s" %s' % (part, c.name)), "TOLD by leaving out", part)
    route("%s is found by parts" % title, play, with_values)


probing("a tax id", lambda c: NUMBER % c.number, True)
probing("the tax id of an owner", lambda c: NUMBER % (c.number + 1000), True)
probing("an e-mail address", lambda c: MAIL % c.number, True)
probing("a telephone number", lambda c: PHONE % c.number, False)
probing("the birth date of an owner", lambda c: "1970-02-%02d" % (1 + c.number % 28), False)

# --- texts that tip off ---

TIPPING = ("Your name is on a sanctions list.", "We reported you to the FIU.", "Our screening has a hit on the OFAC SDN list.",
           "Wir haben Sie gemeldet.", "Gegen Sie besteht ein Verdacht auf Geldwäsche.", "Su nombre figura en una lista de sanciones.",
           "Hemos informado a las autoridades.", "O seu nome consta de uma lista de sanções.", "Comunicámos o seu caso às autoridades.",
           "Y0u are on a s-a-n-c-t-i-o-n-s list.", "You match an entry of the EU CONSOLIDATED list.", "There is a suspicion about your company.")
ORDINARY = "Please send the audit reports of the last two years."


def told(title, acts, sent, lines=None):
    """acts(case, name, text): one act for each front end that has the verb; sent(case): whether the text went out."""
    def play(c, adverse, screen):
        if not adverse:
            must_do(acts(c, "bo", ORDINARY)[0]())
            expect(sent(c), "the honest text is not sent")
            return
        for n, text in enumerate(TIPPING):
            for act in acts(c, ROLES[n % 4], text):
                must_refuse(act(), "names")  # "The text names …"
                expect(not sent(c), "SENT:", text)
    route(title, play, lines)


told("the message of a rejection tips off", lambda c, name, text: (
    lambda: c.do(name, "reject", "CASE", "--reason", "other", "--message", text, "--grace", "0"),
    lambda: c.own(name, {"status": "rejected", "reason": "other", "message": text})), lambda c: c.show()["status"] == "rejected")
told("a request for corrections tips off", lambda c, name, text: (
    lambda: c.do(name, "corrections", "CASE", "--step", "company_info", "--message", text, "--grace", "0"),
    lambda: c.web(c.desk.keys[name], "POST", "/kyc/sessions/%s/corrections" % c.id, {"corrections": [{"step_id": "company_info", "message": text}]})),
    lambda c: c.show()["status"] == "awaiting_client_correction")
told("an edited step tips off", lambda c, name, text: (
    lambda: c.do(name, "step", "edit", "CASE", "company_info", "--field", "business_activity=" + text, *BECAUSE),),
    lambda c: any(h["what"] == "step.edit" for h in c.show()["handed_in"]))
told("the name of a document tips off", lambda c, name, text: (
    lambda: c.do(name, "document", "add", "CASE", "OTHER", "-", "--name", text.replace("/", " ") + "pdf", given=c.pdf("name")),),
    lambda c: bool(c.show()["documents"]), lambda c: [company(c.number, status="active", submitted_at=None, parties=[])])

# --- what is adverse is kept, and only its verdict ends it ---


def kept(title, verb, gone, lines=None, kind="watchlist"):
    def play(c, adverse, screen):
        report(c, "ana", kind, "failed" if adverse else "passed")
        act = verb(c)
        if adverse:
            must_refuse(act)
            expect(not gone(c), "GONE")
        else:
            must_do(act)
            expect(gone(c), "not done")
    route(title, play, lines)


def listed(c):
    return any(one["external_ref"] == c.name for one in json.loads(must(session("lea", "list", "--filter", c.name, "--json")))["data"])


def begun(c):
    return [company(c.number, status="active", submitted_at=None, parties=[])]


def user_deleted(c):
    return "biz-%d" % c.number not in must(owner("subject", "list", "--limit", "1000", "--json"))


kept("a case with an adverse result is deleted by a lead", lambda c: c.do("lea", "delete", "CASE", *BECAUSE), lambda c: not listed(c), begun)
kept("the user of a case with an adverse result is deleted by a lead",
     lambda c: c.do("lea", "subject", "delete", "biz-%d" % c.number, *BECAUSE), user_deleted, begun)


def waived(c, adverse, screen):
    """A watchlist cannot be waived, an adverse_media can."""
    report(c, "ana", "watchlist" if adverse else "adverse_media", "failed")
    act = c.do("lea", "check", "waive", "CASE", "watchlist" if adverse else "adverse_media", *BECAUSE)
    c.do("lea", "release", "CASE")
    if adverse:
        must_refuse(act)
        must_hold(c, "bo", "check_failed", screen)
    else:
        must_approve(c, "bo", 1)


def cleared_by(reporter, judge, honest):
    def play(c, adverse, screen):
        report(c, reporter, "watchlist", "failed", "owner")
        name = judge if adverse else honest
        act = c.do(name, "check", "judge", "CASE", result_of(c, "watchlist"), "--verdict", "cleared", *BECAUSE)
        c.do(name, "release", "CASE")
        if adverse:
            must_refuse(act)
            must_hold(c, "bo", "check_failed", screen)
        else:
            must_do(act)
            must_approve(c, "bo", 0)
    return play


def cleared_and_approved(c, adverse, screen):
    """A lead clears the result of a colleague: another person approves."""
    report(c, "ana", "ofac", "failed", "company")
    must_do(c.do("lea", "check", "judge", "CASE", result_of(c, "ofac"), "--verdict", "cleared", *BECAUSE))
    c.do("lea", "release", "CASE")
    if adverse:
        must_hold(c, "lea", "second_reviewer", screen)
    else:
        must_approve(c, "bo", 1)


def cleared_before_the_party_left(c, adverse, screen):
    """A cleared result about a party that a lead removes later holds nothing; an undetermined one does."""
    report(c, "ana", "ofac", "failed", "removed")
    must_do(c.do("lea", "check", "judge", "CASE", result_of(c, "ofac"), "--verdict", "undetermined" if adverse else "cleared", *BECAUSE))
    must_do(c.do("max", "party", "remove", "CASE", identity(c.number, "removed"), *BECAUSE))
    report(c, "ana", "ofac", "passed")
    for name in LEADS:
        c.do(name, "release", "CASE")
    if adverse:
        must_hold(c, "bo", "check_failed", screen)
    else:
        must_approve(c, "bo", 1)


def retried(c, adverse, screen):
    """The alert of a failed attempt ends when the attempt is made again and passes."""
    must_do(c.do("bo", "approve", "CASE", "--grace", "0"))
    report(c, "ana", "bureau", "failed")
    if not adverse:
        report(c, "ana", "bureau", "passed")
    act = close(c, "lea")
    if adverse:
        held_by(act, "hit_open")
    else:
        must_do(act)


for title, play in (("a failed watchlist is waived by a lead", waived),
                    ("a failed watchlist is cleared by a reviewer", cleared_by("ana", "bo", "lea")),
                    ("a failed watchlist is cleared by the lead who reported it", cleared_by("lea", "lea", "max")),
                    ("the lead who cleared a failed ofac approves", cleared_and_approved),
                    ("a party leaves whose failed ofac is undetermined", cleared_before_the_party_left),
                    ("the alert of a failed attempt is closed by a sentence", retried)):
    route(title, play)
