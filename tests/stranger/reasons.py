#!/usr/bin/env python3
"""Rejects drawn cases of a production store with each built-in reason, by command and over HTTP, and compares the answers with
the judge (tests/unit/domain/reasons_judge.txt): 0 contradictions taken, 0 supported reasons refused.

reasons.py PROGRAM FOLDER; KYBDESK_TEST_SEED: the draw.
"""

import os
import random
import sys

from insider import desk

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = int(os.environ.get("KYBDESK_TEST_SEED") or random.randrange(1 << 32))
CASES = 40 if os.environ.get("KYBDESK_TEST_LONG") else 6
CODES = """status document_missing document_not_accepted basis_changed document_altered nothing_examined step_open
    party_not_verified party_missing ownership_invalid ownership_gap field_invalid correction_open hit_open check_failed
    check_stale desk_rule duplicate_open held suspicion_open second_reviewer claimed_by_other changed""".split()
POLICY = ("unsupported_country", "unsupported_activity", "suspected_fraud", "other")
TAKEN, NOTED, REFUSED = "taken", "noted", "refused"


def rules():
    found = {}
    with open(os.path.join(HERE, "../unit/domain/reasons_judge.txt")) as file:
        for words in (line.split() for line in file):
            if len(words) > 2 and words[1] in ("supports", "denies", "note", "refutes", "without"):
                found.setdefault(words[0], {}).setdefault(words[1], []).extend(words[2:])
    return found


RULES = rules()


def judge(reason, facts):
    """The answers that the words allow, as domain's test reads them."""
    if reason == "other":
        return {TAKEN}
    facts = facts + ["met:" + code for code in CODES if not any(f == code or f.startswith(code + ":") for f in facts)]
    policy = reason in POLICY
    for kind, answer, also in (("supports", TAKEN, {NOTED}), ("denies", REFUSED, {NOTED}),
                               ("note", NOTED, {TAKEN} if policy else {TAKEN, REFUSED}), ("refutes", REFUSED, {NOTED})):
        has = [e for e in RULES[reason].get(kind, ()) if any(f == e.lstrip("~") or f.startswith(e.lstrip("~") + ":") for f in facts)]
        if has:
            return {answer} | (also if all(e.startswith("~") for e in has) else set())
    word = RULES[reason]["without"][0]
    answer = {"t": TAKEN, "n": NOTED, "r": REFUSED}[word.lstrip("~")[0]]
    also = {TAKEN: NOTED, REFUSED: NOTED, NOTED: TAKEN if policy else REFUSED}[answer]
    return {answer, also} if word.startswith("~") else {answer}


def drawn(number, place, draw):
    """A case, and its facts in the words of the judge."""
    case, facts = desk.Case(number, place), ["subject:business", "check:none"]
    document = desk.line(number)
    fault = draw.choice(("none", "missing", "unreviewed", "blurry", "name_mismatch"))
    kind = draw.choice(desk.TYPES)
    if fault == "missing":
        document["documents"] = [d for d in document["documents"] if d["type"] != kind]
        facts.append("document_missing" + (":parties" if kind == "DIRECTORS_SHAREHOLDERS_REG" else ""))
    shares = draw.choice(("whole", "whole", "over", "gap"))
    if shares != "whole":
        document["parties"][0]["ownership_percent"] = "55" if shares == "over" else "10"
        facts.append("ownership_invalid:over_100" if shares == "over" else "ownership_gap")
    if draw.random() < 0.3:
        document["parties"][1]["session"]["status"] = "active"
        facts.append("party_not_verified:pending")
    case.write(document)
    desk.must(desk.bring_in())
    for there in document["documents"]:
        if there["type"] != kind or fault in ("none", "missing"):
            desk.must(desk.session("zoe", "document", "accept", case.name, there["type"]))
        elif fault != "unreviewed":
            desk.must(desk.session("zoe", "document", "reject", case.name, kind, "--reason", fault))
    if fault in ("blurry", "name_mismatch"):
        facts.append("document_not_accepted:rejected:" + fault)
    elif fault == "unreviewed":
        facts.append("document_not_accepted:unreviewed")
    desk.must(desk.session("zoe", "release", case.name))
    return case, facts


def by_command(case, reason):
    act = case.do("bo", "reject", "CASE", "--reason", reason, "--grace", "60")
    if act.status == 4 and "reason_contradicted" in act.blockers:
        return REFUSED, act
    return {0: TAKEN, 9: NOTED}.get(act.status, "failed"), act


def over_http(case, reason):
    act = case.own("bo", dict({"status": "rejected"}, **({"reason": reason} if reason else {})))
    if act.status == 409 and "reason_contradicted" in act.text:
        return REFUSED, act
    return {200: TAKEN, 400: NOTED, 422: NOTED}.get(act.status, "failed"), act


def main():
    draw, place, wrong, count = random.Random(SEED), desk.Desk(), [], {TAKEN: 0, NOTED: 0, REFUSED: 0, "failed": 0}
    others = 0
    # What opens a suspicion comes last: it holds the case.
    reasons = sorted(RULES, key=lambda r: (r in ("suspected_fraud", "forged_document", "sanctions_match"), r))
    for number in range(1, CASES + 1):
        case, facts = drawn(number, place, draw)
        for reason in reasons:
            for entrance in (by_command, over_http):
                answer, act = entrance(case, reason)
                count[answer] += 1
                others += answer == TAKEN and reason == "other"
                if answer not in judge(reason, facts):
                    wrong.append("%s by %s is %s, the judge says %s: %s\n%s" % (
                        reason, entrance.__name__, answer, sorted(judge(reason, facts)), facts, act))
                if answer == TAKEN and entrance is by_command:
                    desk.must(desk.session("bo", "undo", case.name))
                elif answer == TAKEN:  # over HTTP a decision has no grace time
                    desk.must(desk.session("lea", "reopen", case.name, "--reason", "for the next reason"))
                    desk.session("lea", "release", case.name)
                if reason == "suspected_fraud":
                    break
        answer, act = over_http(case, None)  # asked for its reason; never contradicted
        if answer != NOTED:
            wrong.append("without a reason: %s\n%s" % (answer, act))
        case.must("bo", "release", "CASE")
    place.served.stop()
    print("\n".join(wrong[:20]))
    print("seed %d: %d cases, %d taken (%d of them other), %d with a note, %d refused, %d failed; %d differ from the judge" % (
        SEED, CASES, count[TAKEN], others, count[NOTED], count[REFUSED], count["failed"], len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
