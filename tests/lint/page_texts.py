#!/usr/bin/env python3
"""Checks that the client's page has a text in each language for each sentence that a client can cause.

page_texts.py [ROOT]: reads src/api/link/texts.json, and all literals of three words or more in SOURCES. Each literal needs
a row of texts.json ("of" is its pattern, "{}" any text) or a row of NOT_SHOWN with the reason; each pattern needs its
literal; each text must differ from the English one, and have the same holes."""
import json
import pathlib
import re
import sys

LANGUAGES = ("en", "de", "es", "pt")
LITERALS = re.compile(r'(/\*.*?\*/|//[^\n]*)|"(?:\\.|[^"\\\n])*"(?:\s*(?:PRId64\s*)?"(?:\\.|[^"\\\n])*")*', re.S)
SPECIFIER = re.compile(r"%(?:\.\*|\.\d+)?(?:ll|z)?[sduc]")
# What a client's form runs: its handlers, its verbs, and the rules of the profile.
SOURCES = """src/api/link/page.c src/api/link/link.c src/api/request.h src/desk/client/sniff.c
 src/desk/client/upload.c src/desk/client/frozen.c src/desk/client/values.c src/desk/client/moves.c src/desk/use/refusal.c

 include/kybdesk/domain/format.h src/domain/input_text.c src/domain/party_input.c src/domain/submit.c src/domain/value.c
 src/domain/rules/rules.c src/domain/rules/rules_text.c src/domain/rules/rules_apply.c src/domain/rules/check_digits.c
 src/domain/ownership/ownership.c src/domain/ownership/ownership_graph.c""".split()
# Sources with other sentences, too: each of their sentences that a client can cause is in a pattern of its own.
MORE_SOURCES = ["src/domain/transition.c", "src/desk/review/care.c"]
# Patterns that match nearly any text: no literal counts as translated by one of them.
BROAD = {"The case is {}; {}", "{} and {} more", "{} and {}", "{} or {}", "{}, {}", "Cannot {}", "{}; allowed: {}", "at most {}", "{} characters",
         "{} years", "{} elements"}
# Sentences that the program joins from several literals.
COMPOSED = re.compile("The (answer|case|name of the (file|party)|percentage) (is|has)\\b|any number of |a (decimal|whole) number |"
                      "the person is |is not a role of a party|(front|back)\\) is missing")
NOT_SHOWN = {
    "the page shows its own sentence for the status": """The form was sent from another website
        The link has expired; request a new link
        This link is no longer valid; use the newest link, or request a new link
        The case has no document "{}\"""",
    "descriptions of the routes in the reference": """Show the client's page: the requested items as forms
        Save a step on the page; form fields are named f.NAME
        Upload a document on the page
        Explain on the page why a correction is not possible
        Declare a related party on the page
        Remove a related party on the page
        Submit on the page""",
    "about JSON, or about a member that no form of the page has": """This document record already has a file; create another record for another file
        In the workflow {}, a {} needs its file at once: name the file
        A record of {} exists already ({}, {}); upload its file
        The fields are not a JSON object; use {"name": value}
        The addresses are not a JSON list
        The party owns {} shares; name the company of the share to change
        Enter the percentage that the party owns
        The case has no party "{}"
        The party {} is a person and cannot be owned
        Enter the percentage of {} that the party owns
        A company cannot own itself
        {} already owns a part of this party, directly or through others: ownership cannot be circular
        {} has a back, but this type is single-sided; remove the back
        {} has the category '{}'; allowed: {}
        {} is not a date; write it as YYYY-MM-DD, like 1984-02-11
        {} is in the future""",
    "verbs and questions of the reviewers, and warnings": """Only a rejected case can be submitted again; this case is {}
        The workflow {} has no second attempt after a rejection; open a new case
        The rejection is final: it was not marked as retryable, so the case cannot be submitted again
        All {} attempts of this case are used up; open a new case
        {} is expired; a reviewer can reactivate it
        {} is {}: the client has nothing left to submit
        The shares of the owners of {} would add up to {} %; at most 100 % is possible
        {} and {} are others, but both are the same as {} (together {} %); record which of the three is another
        is a range, and the workflow {} has numbers only; write the share as a number
        {} owns {} %, which may or may not be {}; enter the share as a number, or declare {} as a beneficial owner (role ubo)
        {} and {} may be the same {}, declared twice ({} % and {} %); record whether they are the same or others
        100 is a number
        unknown scheme of check digits: {}
        Cannot {} {}: {}""",
    "a part of a sentence whose row is a whole one, or that the page leaves out": """a role of a party
        ; there are:
        a later file replaced it
        it was neither rejected nor requested again
        The name of the file
        {} of the step {}
        The step {}
        an unknown time
        frozen since the case was submitted, and not requested by a correction
        the access link of {} expired; a reviewer can reactivate the session
        frozen since the case was submitted (the case is {}); only items that a correction requests can be changed
        {} cannot be changed: {}
        {} {} UTC
        Cannot {}: {}
        Cannot {}: {} (and {} more)
        {} is empty; enter a text
        {} is empty; enter a name
        The control role
        The percentage {}
        The e-mail address
        The case {}
        The name of the party
        The tax id
        The registration number
        The phone number
        {} is {}
        {} is {}; allowed: {}
        {} {}; allowed: {}
        {}; did you mean '{}'?
        at most {}
        and {} more
        any number of {}s
        at most {} {}{}
        at least {} {}{}
        {} to {} {}s
        {} from {} to {}
        {} from {} up
        {} up to {}
        {} is {}{}
        means an age of {} year{}
        is '{}', which is not the id of a document of this case
        names a document of type {}
        names a file that was replaced by another file
        names a document whose upload is {}
        names {}, which is not the id of a party of this case
        {} of {}
        does not name {}
        {}{} {} %
        is not a percentage; write it like 25 or 12.5
        has {} digits before the point; at most {} are allowed
        has {} digits after the point; at most {} are allowed
        has {} parties; at most {} are allowed
        has {} shares altogether; at most {} are allowed
        owns through a chain of {} companies; at most {} are allowed, leave out companies that own nothing else""",
}


def literals(text):
    """The literals of C code: adjacent ones joined, with "{}" for each specifier."""
    for found in LITERALS.finditer(text):
        if found[1]:
            continue
        bare = re.sub(r'"\s*PRId64\s*"', "d", found[0])
        joined = "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', bare)).replace('\\"', '"').replace("%%", "%")
        yield SPECIFIER.sub("{}", joined).strip()


def matcher(pattern):
    return re.compile(".*".join(re.escape(piece) for piece in pattern.split("{}")) + r"\Z", re.S)


def faults_of_texts(name, texts, holes):
    """What is wrong with the texts of one row; `holes`: how many its pattern has."""
    if sorted(set(texts) - {"of"}) != sorted(LANGUAGES) or not all(texts[language].strip() for language in LANGUAGES):
        yield f"{name}: needs a text in each of {', '.join(LANGUAGES)}"
        return
    wanted = sorted(re.findall(r"\{[^}]*\}", texts["en"]))
    for language in LANGUAGES:
        found = re.findall(r"\{[^}]*\}", texts[language])
        if any(not re.fullmatch(r"\{[1-6][mtpln]?\}", hole) or int(hole[1]) > holes for hole in found):
            yield f"{name}: {language}: has a hole that its pattern does not have"
        if not holes and found or language != "en" and not set(found) <= set(wanted):
            yield f"{name}: {language}: has other holes than en"
        plain = re.sub(r"\{[^}]*\}", "", texts["en"])
        if language != "en" and texts[language] == texts["en"] and len(plain) >= 15:
            yield f"{name}: {language}: is in English"


def check(root):
    data = json.loads((root / "src/api/link/texts.json").read_text(encoding="utf-8"))
    rows = data["sentences"] + data["parts"]
    patterns = [(row["of"], matcher(row["of"])) for row in rows if row["of"] not in BROAD]
    not_shown = {line.strip() for lines in NOT_SHOWN.values() for line in lines.split("\n")}
    seen, unused = [], set(not_shown)
    for name, texts in data["words"].items():
        yield from faults_of_texts(name, texts, 0)
    for row in rows:
        yield from faults_of_texts(f'"{row["of"]}"', row, row["of"].count("{}"))
    for name in SOURCES + MORE_SOURCES:
        if not (root / name).is_file():
            continue
        for literal in literals((root / name).read_text(encoding="utf-8")):
            seen.append(literal)
            unused.discard(literal)
            if (name in SOURCES and len(literal.split()) > 2 and literal not in not_shown and
                    not any(found.match(literal) for _, found in patterns)):
                yield f'{name}: "{literal}" has no row in src/api/link/texts.json'
    everything = "\n".join(seen)
    for pattern, _ in patterns:
        for piece in re.split(r"\{\}|: |; ", pattern):
            words = piece.strip(" '\"(),.")
            if len(words.split()) > 2 and words not in everything and not COMPOSED.match(words):
                yield f'texts.json: no source has "{words}" of "{pattern}"'
    if len(seen) > 500:
        yield from (f'page_texts.py: no source has "{line}"' for line in sorted(unused))


if __name__ == "__main__":
    findings = list(check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
