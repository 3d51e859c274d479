"""The promises of the guide of the Ralio sandbox (seed ralio-sandbox), at least one for each of its sentences, in the
order of its seven steps. Commands of kybdesk replace the portal."""

import json
import urllib.parse

from promises_ralio import Business
from stage import Failure, Receiver, expect, until

SEED = "ralio-sandbox, guide"
API = "/api/v1/account"
HOOKS = "/api/v1/webhooks"
EVENTS = (
    "account.activated payin.processing payin.completed payin.failed payout.processing payout.completed transfer.processing "
    "transfer.completed kyc.state_updated kyc.session_verified kyc.session_failed kyc.session_expired"
).split()
NOBODY = "9c4a2f71-8d3e-4b6c-8157-2a0f9b5d3e84"
IBAN = "ES9121000418450200051332"
WALLET = "0x00000000000000000000000000000000000000aa"
ACCOUNT = {"currency": "EUR", "label": "Main Account"}


class Guide:
    """Both parts of the guide: the calls of an integrator, and the portal (commands)."""

    def __init__(self, book, stage):
        self.book, self.stage, self.sentence = book, stage, ""

    def says(self, sentence, *promises):
        """Tests the promises of one sentence of the guide; each is a pair of a text and a test."""
        for promise, test in promises:
            self.book.holds('"%s": %s' % (sentence, promise), test)

    def call(self, method, path, body=None, wants=None):
        return self.stage.call(method, path, body, wants=wants).json

    def post(self, path, body=None, wants=201):
        return self.call("POST", API + path, body, wants)

    def get(self, path, wants=200):
        return self.call("GET", API + path, wants=wants)

    def portal(self, *words):
        return json.loads(self.stage.run("--json", *words))

    def refused(self, *words):
        try:
            self.stage.run(*words)
        except Failure:
            return True
        return False

    def came(self, kind, has=lambda data: True, receiver=None):
        """The data of the webhooks of this kind that `has` selects. The signature of every webhook must be right."""
        self.stage.run("webhook", "deliver", "--drain")
        receiver = receiver or self.stage.receiver
        got = []
        for headers, body in list(receiver.got):
            if not receiver.verified(headers, body):
                raise Failure("a signature is wrong: %s" % body)
            said = json.loads(body)
            if said.get("type") == kind and has(said["data"]):
                got.append(said["data"])
        return got

    def of_order(self, order, *kinds):
        """Checks that the webhooks about this order are exactly these, in this sequence."""
        self.stage.run("webhook", "deliver", "--drain")
        said = [json.loads(body) for _, body in list(self.stage.receiver.got)]
        mine = [one["type"] for one in said if one.get("type") in EVENTS and one["data"].get("order", {}).get("id") == order]
        return expect(mine, list(kinds), "webhooks of the order")


def person(guide, last="Duarte"):
    user = guide.post("/individual-users", {"firstName": "Ines", "lastName": last, "country": "PT"})
    return user["id"], guide.post("/individual-users/%s/kyc-sessions" % user["id"])


def setup(guide):
    stage, first = guide.stage, guide.portal("merchant", "key", "add", "shop", "--name", "guide")
    second = guide.portal("merchant", "key", "add", "shop", "--name", "guide-2")
    listed = stage.run("--json", "merchant", "key", "list", "shop")
    login = lambda body, wants: stage.call("POST", "/api/v1/auth/login", body, wants=wants)
    pair = {name: first[name] for name in ("api_code", "api_key")}
    stage.token, kept = None, stage.token
    reads = ("/orders", "/orders/%s" % NOBODY, "/bank-payins/%s" % NOBODY, "/transactions/%s" % NOBODY, "/users/%s/accounts" % NOBODY,
             "/users/%s/accounts/%s/orders" % (NOBODY, NOBODY), "/users/%s/accounts/%s/transactions" % (NOBODY, NOBODY))
    makes = ("/individual-users", "/business-users", "/users/%s/accounts" % NOBODY, "/users/%s/accounts/%s/transfers" % (NOBODY, NOBODY),
             "/users/%s/accounts/%s/bank-payouts" % (NOBODY, NOBODY))
    guide.says("Generate your API credentials and configure webhooks before making any API call.",
               ("no call without credentials", lambda: guide.get("/orders", wants=401)))
    guide.says("API Keys are managed exclusively from the Ralio Management Portal.",
               ("no address of the API makes one", lambda: not [path for path in json.loads(stage.run("info", "--reference", "openapi"))["paths"] if "key" in path]))
    guide.says("You'll need them to authenticate every API request.",
               *[("GET %s without is 401" % path.replace(NOBODY, "…"), lambda path=path: guide.get(path, wants=401)) for path in reads])
    guide.says("Click Generate and save both values",
               ("both are shown", lambda: bool(first["api_code"] and first["api_key"])))
    guide.says("you won't be able to see the api_key again",
               ("the list of keys has none", lambda: first["api_key"] not in listed and second["api_key"] not in listed),
               ("it has the name of each", lambda: '"guide"' in listed and '"guide-2"' in listed))
    guide.says("api_code: Your merchant identifier",
               ("it is that of the merchant, with each key", lambda: expect(first["api_code"], second["api_code"], "api_code")))
    guide.says("api_key: Your secret key, treat it like a password",
               ("another one is refused", lambda: login(dict(pair, api_key=pair["api_key"][:4] + pair["api_key"][:3:-1]), 401)),
               ("the merchant alone is not enough", lambda: login({"api_code": pair["api_code"]}, 400)))
    guide.says("All API endpoints require a Bearer Token.",
               *[("POST %s without is 401" % path.replace(NOBODY, "…"), lambda path=path: guide.post(path, {}, wants=401)) for path in makes])
    token = login(pair, 200).json["token"]
    guide.says("Exchange your API Key for a token", ("the response has one, that is not the key", lambda: bool(token) and token != pair["api_key"]))
    stage.token = token
    guide.says("Include this token in every subsequent request", ("with it a call is answered", lambda: guide.get("/orders")))
    stage.run("merchant", "key", "revoke", "shop", "guide-2")
    guide.says("Manage API keys, simulate KYC approvals, and monitor operations",
               ("a key is revoked", lambda: login({name: second[name] for name in pair}, 401)),
               ("orders are listed", lambda: guide.portal("sandbox", "order", "list")["data"] is not None))
    stage.token = kept


def webhooks(guide):
    stage = guide.stage
    few = Receiver()
    made = guide.call("POST", HOOKS, {"url": "https://shop.example/guide", "events": EVENTS}, 201)
    stage.call("DELETE", "%s/%s" % (HOOKS, made["id"]), wants=204)
    for name in EVENTS:
        guide.says("Available events", ("%s can be selected" % name, lambda name=name: name in made["events"]))
    bad = lambda body: guide.call("POST", HOOKS, dict({"url": "https://shop.example/guide", "events": EVENTS[:1]}, **body), 400)
    guide.says("Must be a valid https:// URL",
               ("http is refused", lambda: bad({"url": "http://shop.example/guide"})),
               ("text that is no URL is refused", lambda: bad({"url": "shop"})))
    guide.says("Select events", ("an unknown one is refused", lambda: bad({"events": ["payin.unknown"]})),
               ("none is refused", lambda: bad({"events": []})))
    few.secret = guide.call("POST", HOOKS, {"url": few.url, "events": ["account.activated"]}, 201)["secret"]
    deaf = guide.call("POST", HOOKS, {"url": "http://127.0.0.1:1/", "events": ["account.activated"]}, 201)
    guide.says("Save your Webhook Secret", ("the response has it", lambda: few.secret.startswith("whsec_")))
    return few, deaf


def users(guide):
    stage = guide.stage
    guide.says("Create individual (KYC) or business (KYB) users before issuing accounts or processing transactions.",
               ("an unknown user has no account", lambda: guide.post("/users/%s/accounts" % NOBODY, ACCOUNT, 404)),
               ("and pays nothing", lambda: guide.post("/users/%s/accounts/%s/transfers" % (NOBODY, NOBODY), transfer(NOBODY, 1), 404)))
    uid, session = person(guide)
    company = guide.post("/business-users", {"name": "Guide Lane Ltd", "country": "GB"})["id"]
    guide.says("A natural person. Goes through KYC (Know Your Customer) verification.",
               ("a KYC session is made", lambda: bool(session["id"])),
               ("a KYB session is not", lambda: guide.post("/business-user/%s/kyb-sessions" % uid, wants=404)))
    kyb = guide.post("/business-user/%s/kyb-sessions" % company)
    guide.says("A legal entity / company. Goes through KYB (Know Your Business) verification.",
               ("a KYB session is made", lambda: bool(kyb["id"])),
               ("a KYC session is not", lambda: guide.post("/individual-users/%s/kyc-sessions" % company, wants=404)))
    guide.says("Save the id returned in the response", ("every later call takes it", lambda: guide.get("/users/%s/accounts" % uid)["data"] == []))
    guide.says("A user must be verified (KYC or KYB REGULAR) before you can create accounts for them.",
               ("an individual who is not is refused", lambda: guide.post("/users/%s/accounts" % uid, ACCOUNT, 403)),
               ("a business at LIGHT is refused", lambda: guide.post("/users/%s/accounts" % company, ACCOUNT, 403)),
               ("the refusal names level and what is missing", lambda: "LIGHT" in json.dumps(guide.post("/users/%s/accounts" % company, ACCOUNT, 403))))
    guide.says("Each step depends on the previous one.",
               ("no payout without an account", lambda: guide.post("/users/%s/accounts/%s/bank-payouts" % (uid, NOBODY), payout(1), 404)),
               ("no funds without an account", lambda: guide.refused("sandbox", "fund", NOBODY, "1")))
    guide.says("Launch identity verification sessions for users.", ("it is pending", lambda: expect(session["state"], "PENDING", "state")))
    guide.says("Your backend creates a session for the user and receives a hostedUrl.",
               ("it is an address of this server", lambda: session["hostedUrl"].startswith(stage.url)))
    guide.says("In production, the user follows the URL to submit documents.",
               ("it is a page", lambda: page(stage, session["hostedUrl"])))
    stage.run("approve", session["id"], "--grace", "0")
    failed, its_session = person(guide, "Failed")
    stage.run("reject", its_session["id"], "--reason", "other", "--message", "Not this one", "--grace", "0")
    state = lambda user, one: guide.get("/individual-users/%s/kyc-sessions/%s" % (user, one["id"]))["state"]
    guide.says("In sandbox, approve or reject them instantly from the Portal.",
               ("an approval shows at once", lambda: expect(state(uid, session), "VERIFIED", "state")),
               ("so does a rejection", lambda: expect(state(failed, its_session), "FAILED", "state")))
    guide.says("In sandbox: skip this, approve directly from the Portal.", ("no document was needed", lambda: expect(state(uid, session), "VERIFIED", "state")))
    guide.says("In sandbox you approve it manually.", ("a reviewer's command does", lambda: expect(state(uid, session), "VERIFIED", "state")))
    guide.says("Ralio notifies your endpoint when the session state changes.",
               ("kyc.session_verified comes, verified", lambda: len(guide.came("kyc.session_verified", lambda data: data["uid"] == uid)) == 1),
               ("kyc.session_failed comes, verified", lambda: len(guide.came("kyc.session_failed", lambda data: data["uid"] == failed)) == 1))
    guide.says("Webhooks let your system react in real time to events without polling.",
               ("it came without a call", lambda: bool(guide.came("kyc.session_verified", lambda data: data["uid"] == uid))))
    return uid, company, failed


def page(stage, url):
    token, stage.token = stage.token, None
    try:
        return stage.call("GET", urllib.parse.urlparse(url).path, wants=200).headers.get_content_type() == "text/html"
    finally:
        stage.token = token


def transfer(to, amount, currency="EUR"):
    return {"origin": {"currency": currency, "amount": amount}, "recipient": {"accountId": to}, "reference": "Rent"}


def payout(amount, holder="Jane Doe"):
    return {"origin": {"currency": "EUR", "amount": amount}, "recipient": {"iban": IBAN, "accountHolder": holder, "bankName": "Banco Santander"},
            "reference": "Invoice #1042", "code2fa": "123456"}


def accounts(guide, uid, failed, few, deaf):
    base = "/users/%s/accounts" % uid
    made = guide.post(base, ACCOUNT)
    for name, value in (("currency", "EUR"), ("balance", 0), ("state", "ACTIVE"), ("label", "Main Account"), ("userId", uid)):
        guide.says("Create a user account", ("the response has %s" % name, lambda name=name, value=value: expect(made[name], value, name)))
    guide.says("Create a user account", ("it has the members of the guide and no other", lambda: expect(set(made), {"id", "currency", "balance", "state", "label", "userId"}, "members")))
    others = {currency: guide.post(base, {"currency": currency})["id"] for currency in ("USD", "JPY", "KWD", "EUR")}
    guide.says("Once approved, the user can have accounts and operate.", ("a rejected one cannot", lambda: guide.post("/users/%s/accounts" % failed, ACCOUNT, 403)),
               ("an approved one has", lambda: len(guide.get(base)["data"]) == 5))
    guide.says("Create wallets for verified users.", ("each has an address", lambda: guide.get("%s/%s" % (base, made["id"]))["walletAddress"].startswith("0x")))
    guide.says("Required before any funding or payment operation.", ("nothing is funded without", lambda: guide.refused("sandbox", "fund", uid, "1")))
    guide.says("create one or more accounts in any supported currency", *[("%s" % currency, lambda currency=currency: guide.get("%s/%s" % (base, others[currency]))["currency"] == currency) for currency in others],
               ("an unknown currency is refused", lambda: guide.post(base, {"currency": "XQX"}, 400)))
    guide.says("Save the id (Account ID).", ("it is read by it", lambda: expect(guide.get("%s/%s" % (base, made["id"]))["label"], "Main Account", "label")))
    guide.says("account.activated", ("it comes for each account, verified", lambda: len(guide.came("account.activated", lambda data: data["uid"] == uid)) == 5))
    guide.says("Subscribe only to the events you need.",
               ("an endpoint of one event gets that one", lambda: len(guide.came("account.activated", receiver=few)) == 5),
               ("and no other", lambda: {json.loads(body)["type"] for _, body in few.got} == {"account.activated"}))
    guide.says("Must accept POST requests", ("every delivery is one", lambda: len(few.got) == 5))
    shown = guide.portal("webhook", "list", "--merchant", "shop", "--limit", "500")["data"]
    guide.says("Must respond with 2xx within 60 seconds",
               ("one that does not is tried again later", lambda: "waiting" in {item["state"] for item in shown if item["attempts"]}))
    guide.stage.call("DELETE", "%s/%s" % (HOOKS, deaf["id"]), wants=204)
    return base, made["id"], others


def payins(guide, base, aid, others):
    one = lambda: guide.get("%s/%s" % (base, aid))
    fund = lambda *words: guide.portal("sandbox", "fund", *words)
    balance = lambda: one()["balance"]
    bank, crypto, card = fund(aid, "1000"), fund(aid, "100", "--type", "crypto", "--currency", "USDC"), fund(aid, "8", "--type", "card")
    for kind, order in (("bank", bank), ("crypto", crypto), ("card", card)):
        guide.says("Add funds via bank transfer, crypto, or card.", ("by %s" % kind, lambda order=order: expect(order["state"], "COMPLETED", "state")))
    guide.says("In sandbox, simulate funding instantly from the Portal.", ("the balance has it at once", lambda: expect(balance(), 1100, "balance")))
    ibans = {guide.get("%s/%s" % (base, other))["iban"] for other in [aid, *others.values()]}
    guide.says("User sends a bank transfer to an assigned IBAN.", ("each account has its own", lambda: len(ibans) == 5), ("its check digits are right", lambda: all(map(iban_is_valid, ibans))))
    held = fund(aid, "50", "--hold")
    guide.says("Ralio credits the account once the transfer settles.",
               ("not before", lambda: expect(balance(), 1100, "balance")),
               ("then", lambda: bool(guide.portal("sandbox", "order", "complete", held["id"])) and expect(balance(), 1150, "balance")))
    guide.says("User sends stablecoins to a generated wallet address.", ("it is the account's own", lambda: one()["walletAddress"] != guide.get("%s/%s" % (base, others["USD"]))["walletAddress"]),
               ("a currency is no coin", lambda: guide.refused("sandbox", "fund", aid, "1", "--type", "crypto", "--currency", "USD")))
    detail = guide.get("/crypto-payins/%s" % crypto["id"])
    guide.says("Auto-converted to account currency.", ("the order is in it", lambda: expect([detail["currency"], detail["amount"]], ["EUR", 92], "amount")),
               ("the order shows the rate", lambda: expect(detail["exchange"], {"currency": "USDC", "amount": 100, "rate": 0.92}, "exchange")))
    guide.says("Payment via credit or debit card through an integrated payment gateway.", ("a card payin is an order", lambda: expect(guide.get("/card-payins/%s" % card["id"])["type"], "CARD_PAYIN", "type")))
    guide.says("Find it by account ID.", ("the portal shows it", lambda: expect(guide.portal("sandbox", "account", "show", aid)["id"], aid, "id")),
               ("the list has it", lambda: aid in [item["id"] for item in guide.portal("sandbox", "account", "list")["data"]]))
    yen = fund(aid, "1000", "--currency", "JPY")
    guide.says("Enter the amount and currency, select the funding type and click Simulate Funding",
               ("another currency is converted", lambda: expect([yen["other_currency"], yen["amount"]], ["JPY", 6.1], "amount")),
               ("no amount is refused", lambda: guide.refused("sandbox", "fund", aid, "0")))
    seen = guide.get("/bank-payins/%s" % bank["id"])
    for name, value in (("id", bank["id"]), ("accountId", aid), ("state", "COMPLETED"), ("amount", 1000), ("currency", "EUR")):
        guide.says("Check payin details", ("they have %s" % name, lambda name=name, value=value: expect(seen[name], value, name)))
    guide.says("Check payin details", ("a payin of another type is not there", lambda: guide.get("/bank-payins/%s" % card["id"], wants=404)))
    waiting = fund(aid, "5", "--hold")
    failed = fund(aid, "7", "--fail", "The bank refused it")
    guide.says("payin.processing: Payin detected, waiting for settlement", ("it comes alone", lambda: guide.of_order(waiting["id"], "payin.processing")))
    guide.says("payin.completed: Funds credited to the account", ("it comes after", lambda: guide.of_order(bank["id"], "payin.processing", "payin.completed")))
    guide.says("payin.failed: Could not be processed", ("it comes after", lambda: guide.of_order(failed["id"], "payin.processing", "payin.failed")),
               ("with the reason", lambda: guide.came("payin.failed", lambda data: data["order"]["reason"] == "The bank refused it")),
               ("nothing is credited", lambda: expect(guide.get("%s/%s" % (base, aid))["balance"], 1156.1, "balance")))
    return bank["id"], waiting["id"], failed["id"]


def iban_is_valid(text):
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def moves(guide, base, aid, others):
    one, two = "%s/%s" % (base, aid), "%s/%s" % (base, others["EUR"])
    balance = lambda: [guide.get(one)["balance"], guide.get(two)["balance"]]
    made = guide.post(one + "/transfers", transfer(others["EUR"], 100.10))
    guide.says("Move money internally between Ralio accounts (Transfer) or externally to a bank or crypto wallet (Payout).",
               ("inside it arrives", lambda: expect(balance(), [1056, 100.1], "balances")))
    guide.says("Internal. Between two accounts inside Ralio.", ("an account outside is refused", lambda: guide.post(one + "/transfers", transfer(NOBODY, 1), 404)),
               ("the account itself is refused", lambda: guide.post(one + "/transfers", transfer(aid, 1), 400)))
    guide.says("Instant, no external intermediaries.", ("the response is final", lambda: expect(made["state"], "COMPLETED", "state")))
    guide.says("transfer.processing: Being processed", ("it comes", lambda: len(guide.came("transfer.processing", lambda data: data["order"]["id"] == made["id"])) == 1))
    guide.says("transfer.completed: Settled successfully", ("it comes after", lambda: guide.of_order(made["id"], "transfer.processing", "transfer.completed")))
    paid = guide.post(one + "/bank-payouts", payout(250))
    guide.says("External. To a bank account (IBAN) or crypto wallet address.",
               ("the guide's bank payout is made", lambda: expect([paid["state"], paid["recipient"]["iban"]], ["COMPLETED", IBAN], "it")),
               ("a wrong IBAN is refused", lambda: guide.post(one + "/bank-payouts", dict(payout(1), recipient={"iban": "ES9121000418450200051333", "accountHolder": "Jane Doe"}), 400)),
               ("a crypto payout is made", lambda: expect(guide.post(one + "/crypto-payouts", {"origin": {"currency": "EUR", "amount": 92}, "recipient": {"address": WALLET}, "reference": "x", "code2fa": "123456"})["exchange"]["amount"], 99.999999, "USDC")))
    for name in ("origin", "recipient", "code2fa"):
        guide.says("Bank Payout", ("%s is required" % name, lambda name=name: guide.post(one + "/bank-payouts", {key: value for key, value in payout(1).items() if key != name}, 400)))
    guide.says("Bank Payout", ("a wrong code is refused", lambda: guide.post(one + "/bank-payouts", dict(payout(1), code2fa="000000"), 403)),
               ("more than the balance is refused", lambda: expect(guide.post(one + "/bank-payouts", payout(100000), 409)["error"]["code"], "insufficient_funds", "code")))
    guide.says("payout.processing: Submitted to network", ("it comes", lambda: len(guide.came("payout.processing", lambda data: data["order"]["id"] == paid["id"])) == 1))
    guide.says("payout.completed: Funds delivered", ("it comes after", lambda: guide.of_order(paid["id"], "payout.processing", "payout.completed")))
    return made["id"], paid["id"]


def orders(guide, base, aid, ids):
    one = "%s/%s" % (base, aid)
    waiting, failed, moved, paid = ids
    all_of = lambda path: every(guide, path)
    cancelled = guide.portal("sandbox", "order", "cancel", waiting, "--reason", "Typed twice")
    kinds = {order["type"] for order in all_of("/orders?")}
    guide.says("Every operation in Ralio (payin, payout, transfer) generates an Order.",
               *[("a %s does" % kind, lambda kind=kind: kind in kinds) for kind in ("BANK_PAYIN", "CRYPTO_PAYIN", "CARD_PAYIN", "TRANSFER", "BANK_PAYOUT", "CRYPTO_PAYOUT")])
    guide.says("Orders are the central record of all operation attempts along with their statuses.",
               ("a failed one is there", lambda: expect(guide.get("/orders/%s" % failed)["state"], "FAILED", "state")))
    held = guide.post(one + "/bank-payouts", payout(10, "Jane #hold"))
    guide.says("PENDING: Awaiting processing", ("it can be asked for", lambda: guide.get("/orders?state=PENDING")["data"] == []), ("each order has its time", lambda: bool(guide.get("/orders/%s" % paid)["createdAt"])))
    guide.says("PROCESSING: Being processed", ("a payout that waits is", lambda: expect(held["state"], "PROCESSING", "state")), ("it has no end", lambda: held["completedAt"] is None))
    ended = guide.portal("sandbox", "order", "fail", held["id"], "--reason", "The bank refused it")
    guide.says("FAILED: Operation failed", ("a payout may fail", lambda: expect(ended["state"], "FAILED", "state")),
               ("its amount is given back", lambda: expect(guide.get(one)["balance"], 714, "balance")),
               ("it has its time and reason", lambda: bool(guide.get("/orders/%s" % held["id"])["failedAt"]) and guide.get("/orders/%s" % held["id"])["reason"] == "The bank refused it"))
    guide.says("CANCELLED: Cancelled before completion", ("a payin that waits is cancelled", lambda: expect(cancelled["state"], "CANCELLED", "state")),
               ("a completed one is not", lambda: guide.refused("sandbox", "order", "cancel", paid)))
    guide.says("COMPLETED: Settled → entry created in Ledger", ("it has its time", lambda: bool(guide.get("/orders/%s" % paid)["completedAt"])))
    guide.says("GET /api/v1/account/orders", ("an order of the account is in the list", lambda: paid in [order["id"] for order in all_of("/orders?")]))
    mine = all_of(one + "/orders?")
    guide.says("GET /api/v1/account/users/{uid}/accounts/{aid}/orders", ("the list has those of the account alone", lambda: {order["accountId"] for order in mine} == {aid}))
    guide.says("GET /api/v1/account/orders/{order-id}", ("it is found", lambda: expect(guide.get("/orders/%s" % moved)["id"], moved, "id")),
               ("an unknown one is not", lambda: guide.get("/orders/%s" % NOBODY, wants=404)))
    return mine


def every(guide, path):
    """All pages of a list."""
    found, cursor = [], ""
    while cursor is not None:
        page = guide.get("%slimit=3%s" % (path, "&cursor=" + cursor if cursor else ""))
        found, cursor = found + page["data"], page["nextCursor"]
    return found


def ledger(guide, base, aid, mine):
    one = "%s/%s" % (base, aid)
    entries = every(guide, one + "/transactions?")
    done = sorted(order["id"] for order in mine if order["state"] == "COMPLETED")
    guide.says("The Ledger is the system's accounting ledger.", ("its sum is the balance", lambda: expect(round(sum(entry["amount"] for entry in entries), 2), guide.get(one)["balance"], "balance")),
               ("the newest entry has the balance", lambda: expect(entries[0]["balance"], guide.get(one)["balance"], "balance")))
    guide.says("It contains the immutable record of all transactions that have been successfully completed.",
               *[("%s of an entry is not there" % method, lambda method=method: guide.stage.call(method, "%s/transactions/%s" % (API, entries[0]["id"]), {}).status in (404, 405)) for method in ("PUT", "PATCH", "DELETE")],
               ("it is the same once more", lambda: expect(every(guide, one + "/transactions?"), entries, "entries")))
    guide.says("Each Order in COMPLETED status generates an entry in the Ledger", ("one for each", lambda: expect(sorted(entry["orderId"] for entry in entries), done, "orders")))
    guide.says("Completed orders appear as entries in the Ledger.", ("and no other", lambda: len(entries) < len(mine)))
    guide.says("What it records: All operation attempts, Only completed operations", ("an attempt that failed is an order and no entry", lambda: {"FAILED", "CANCELLED"} <= {order["state"] for order in mine}))
    for state in ("PENDING", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"):
        guide.says("Statuses: PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED",
                   ("a list of %s has no other" % state, lambda state=state: {order["state"] for order in guide.get("/orders?state=%s" % state)["data"]} <= {state}))
    guide.says("Main use: Real-time status tracking, Auditing and accounting", ("each entry names its order and the balance after it", lambda: all(entry["orderId"] and entry["balance"] >= 0 for entry in entries)),
               ("the portal's order has its webhooks with their deliveries", lambda: bool(guide.portal("sandbox", "order", "show", done[0])["webhooks"][0]["deliveries"])))
    guide.says("GET /api/v1/account/users/{uid}/accounts/{aid}/transactions", ("pages have no entry twice", lambda: len({entry["id"] for entry in entries}) == len(entries)))
    guide.says("GET /api/v1/account/transactions/{transaction-id}", ("it is found", lambda: expect(guide.get("/transactions/%s" % entries[0]["id"]), entries[0], "entry")),
               ("an unknown one is not", lambda: guide.get("/transactions/%s" % NOBODY, wants=404)))


def expiry(guide, late, session):
    path = "/individual-users/%s/kyc-sessions/%s" % (late, session["id"])
    until("the session never expires", lambda: guide.get(path)["state"] == "EXPIRED")
    guide.says("Ralio notifies your endpoint when the session state changes.",
               ("kyc.session_expired comes, verified", lambda: len(guide.came("kyc.session_expired", lambda data: data["uid"] == late)) == 1))


def business(guide, company, done):
    """A business is verified when it has the level REGULAR, which it may lose again."""
    guide.says("Business User", ("its level is LIGHT at first", lambda: expect(guide.get("/business-user/%s" % company)["kybLevel"], "LIGHT", "kybLevel")))
    done.becomes("APPROVED")
    path = "/users/%s/accounts" % done.user["uid"]
    made = guide.post(path, {"currency": "EUR"})
    state = lambda: guide.get("%s/%s" % (path, made["id"]))["state"]
    guide.says("A user must be verified (KYC or KYB REGULAR) before you can create accounts for them.",
               ("a business at REGULAR has one", lambda: expect(state(), "ACTIVE", "state")),
               ("kyc.state_updated came", lambda: len(guide.came("kyc.state_updated", lambda data: data["uid"] == done.user["uid"])) == 1))
    guide.stage.run("reopen", done.made["id"], "--reason", "The register says otherwise")
    guide.says("Once approved, the user can have accounts and operate.",
               ("not when the level falls", lambda: expect(state(), "SUSPENDED", "state")),
               ("the refusal says why", lambda: "LIGHT" in json.dumps(guide.post("%s/%s/bank-payouts" % (path, made["id"]), payout(1), 403))),
               ("nothing comes in, either", lambda: guide.refused("sandbox", "fund", made["id"], "1")))
    guide.stage.run("approve", done.made["id"], "--grace", "0")
    guide.says("Once approved, the user can have accounts and operate.", ("again when it rises", lambda: expect(state(), "ACTIVE", "state")))


def secrets(guide):
    receiver = guide.stage.receiver
    headers, body = receiver.got[-1]
    guide.says("Ralio signs every delivery with HMAC-SHA256.", ("every one that came", lambda: all(receiver.verified(*one) for one in list(receiver.got))),
               ("a changed body is not", lambda: not receiver.verified(headers, body + b" ")))
    other = Receiver()
    other.secret = "whsec_" + "A" * 43 + "="
    guide.says("Store this secret to verify requests.", ("another secret does not", lambda: not other.verified(headers, body)))
    guide.says("No real money, no real KYC, fully simulated.", ("each account is with a bank that does not exist", lambda: all(item["iban"][4:9] == "99999" for item in guide.portal("sandbox", "account", "list")["data"])))
    for name in EVENTS:
        guide.says("Available events", ("%s came, verified" % name, lambda name=name: bool(guide.came(name))))


def flow(guide, base, aid, mine):
    """The guide's first page, which says in short what its chapters say."""
    stage, kinds = guide.stage, {order["type"] for order in mine}
    guide.says("Generate your API credentials and configure your webhook endpoint from the Portal.",
               ("an endpoint is added there", lambda: "whsec_" in stage.run("endpoint", "add", "--merchant", "shop", "--url", "https://shop.example/portal", "--event", "account.activated")))
    guide.says("Launch an identity verification session.", ("a second one for a new user", lambda: bool(person(guide, "Second")[1]["hostedUrl"])))
    guide.says("Add funds via bank transfer, crypto deposit, or card.", ("all three were", lambda: {"BANK_PAYIN", "CRYPTO_PAYIN", "CARD_PAYIN"} <= kinds))
    guide.says("Simulate instantly in sandbox.", ("in one command", lambda: expect(guide.portal("sandbox", "fund", aid, "1")["state"], "COMPLETED", "state")))
    guide.says("Send funds internally between accounts (Transfer) or externally (Payout).", ("both were", lambda: {"TRANSFER", "BANK_PAYOUT", "CRYPTO_PAYOUT"} <= kinds))
    guide.says("Every operation creates an Order.", ("the last one did", lambda: expect(len(every(guide, "%s/%s/orders?" % (base, aid))), len(mine) + 1, "orders")))
    guide.says("Every Ralio integration follows the same sequence.", ("this one ended with an order and its entry", lambda: expect(guide.get("%s/%s/transactions" % (base, aid))["data"][0]["amount"], 1, "amount")))
    guide.says("This guide walks you through a complete Ralio integration from scratch using the sandbox environment.", ("the audit log of the walk is whole", lambda: bool(stage.run("audit", "verify"))))


def put(book, stage):
    book.seed = SEED
    guide = Guide(book, stage)
    setup(guide)
    few, deaf = webhooks(guide)
    # The sandbox expires the first and approves the second after a while: both are checked at the end.
    late, company_at_once = person(guide, "Late#expire"), Business(stage, "Guide Harbour Ltd#approve")
    company_at_once.papers()
    company_at_once.submit()
    uid, company, failed = users(guide)
    base, aid, others = accounts(guide, uid, failed, few, deaf)
    bank, waiting, lost = payins(guide, base, aid, others)
    moved, paid = moves(guide, base, aid, others)
    mine = orders(guide, base, aid, (waiting, lost, moved, paid))
    ledger(guide, base, aid, mine)
    flow(guide, base, aid, mine)
    expiry(guide, *late)
    business(guide, company, company_at_once)
    secrets(guide)
