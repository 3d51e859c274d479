#!/usr/bin/env python3
"""Writes the sample cases of the demo: cases.ndjson and files/.

All companies, people, numbers and addresses are invented. Times are relative
to REFERENCE; the demo shifts them so that REFERENCE becomes the current time.
Run it with ./dev samples. Its output is committed, and the same in every run.
"""

import io
import json
import struct
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
REFERENCE = datetime(2026, 11, 20, 9, 0, 0)


def at(days=0, hours=0):
    """A time before (negative) or after REFERENCE."""
    return (REFERENCE + timedelta(days=days, hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- small real files of each accepted type -----------------------------------------------

def pdf(*lines):
    text = "BT /F1 12 Tf 56 780 Td 16 TL " + " ".join(
        "(%s) '" % line.replace("\\", "").replace("(", "\\(").replace(")", "\\)") for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        "<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += ("%d 0 obj\n%s\nendobj\n" % (number, body)).encode("latin-1", "replace")
    table = len(out)
    out += ("xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)).encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += ("trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)).encode()
    return out


def page(kind, title, lines, photo=True):
    """An image of a scanned page: a title, a drawn photo if `photo`, and lines of text (with "<<": at the bottom)."""
    font = ImageFont.truetype("DejaVuSansMono.ttf", 24)  # of the package fonts-dejavu-core
    image = Image.new("1", (760, 480), 1)
    draw = ImageDraw.Draw(image)
    draw.rectangle((6, 6, 753, 473), outline=0, width=2)
    draw.text((26, 16), title, font=font)
    draw.line((6, 56, 753, 56), width=2)
    if photo:
        draw.rectangle((26, 80, 190, 300), outline=0, width=2)
        draw.ellipse((76, 110, 140, 190), fill=0)
        draw.pieslice((46, 206, 170, 392), 180, 360, fill=0)
        draw.rectangle((28, 299, 188, 400), fill=1)
    zone = [line for line in lines if "<<" in line]
    for n, line in enumerate(line for line in lines if line not in zone):
        draw.text((220 if photo else 26, 76 + n * 42), line, font=font)
    for n, line in enumerate(zone):
        draw.text((26, 388 + n * 40), line, font=font)
    out = io.BytesIO()
    if kind == "JPEG":
        image.convert("L").save(out, kind, quality=20, optimize=True)
    else:
        image.save(out, kind, optimize=True)
    return out.getvalue()


def office(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), text)
    return out.getvalue()


def docx(text):
    return office({
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
        '+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
        'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>' % text,
    })


def xlsx(rows):
    cells = "".join('<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="B%d"><v>%d</v></c></row>'
                    % (n, n, name, n, value) for n, (name, value) in enumerate(rows, 1))
    return office({
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
        '+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        '2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
        'package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
        'spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>' % cells,
    })


def compound(stream_name, payload):
    """An OLE2 compound file (old Word and Excel) with one stream."""
    payload = payload.ljust(4096, b"\0")
    sectors = len(payload) // 512
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [fat_mark, end] + [2 + n + 1 for n in range(sectors - 1)] + [end]
    fat += [free] * (128 - len(fat))

    def entry(name, kind, child, start, size):
        raw = name.encode("utf-16-le") + b"\0\0"
        return (raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) if name else 0, kind, 1, free, free, child)
                + b"\0" * 36 + struct.pack("<IQ", start, size))

    directory = (entry("Root Entry", 5, 1, end, 0) + entry(stream_name, 2, free, 2, len(payload))
                 + (b"\0" * 68 + struct.pack("<III", free, free, free) + b"\0" * 48) * 2)
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
              + b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
              + struct.pack("<I", 0) + b"\xff" * (108 * 4))
    return header + struct.pack("<128I", *fat) + directory + payload


# The demo shifts this date together with the times.
ISSUED = "Issued on " + (REFERENCE - timedelta(days=18)).strftime("%Y-%m-%d")

FILES = {
    "articles.pdf": pdf("MEMORANDUM AND ARTICLES OF ASSOCIATION", "of a private company limited by shares",
                        "1. The name of the company is as registered.", "2. The liability of members is limited."),
    "number.pdf": pdf("CERTIFICATE OF BUSINESS NUMBER", "This certifies that the business is registered."),
    "address.pdf": pdf("ELECTRICITY BILL", "Service address as shown on the account.", ISSUED),
    "register.pdf": pdf("REGISTER OF DIRECTORS AND SHAREHOLDERS", "Directors: as listed.", "Shares: 100 ordinary."),
    "harbour-articles.pdf": pdf("THE COMPANIES ACT", "PRIVATE COMPANY LIMITED BY SHARES", "",
                                "ARTICLES OF ASSOCIATION OF HARBOUR LANE TRADING LIMITED", "",
                                "1. The name of the company is Harbour Lane Trading Limited.",
                                "2. The registered office is in England.",
                                "3. The objects are the purchase, curing and wholesale of fish.",
                                "4. The share capital is GBP 100, in 100 ordinary shares of GBP 1.",
                                "5. The liability of the members is limited.",
                                "6. A director acts for the company alone.", "",
                                "Adopted by special resolution, filed under No. 09482213"),
    "harbour-number.pdf": pdf("REGISTRAR OF COMPANIES", "EXTRACT FROM THE REGISTER", "",
                              "Company          HARBOUR LANE TRADING LTD", "Number           09482213",
                              "VAT              GB 123 4567 89", "Legal form       Private company limited by shares",
                              "Status           Active", "Registered       12 March 2015",
                              "Office           4 Harbour Lane, Bristol", "Nature of trade  Wholesale of fish", "",
                              ISSUED),
    "harbour-bill.pdf": pdf("AVON ELECTRICITY", ISSUED, "", "Harbour Lane Trading Limited",
                            "4 Harbour Lane, Bristol", "", "Supply address    as above",
                            "Reading before    118 204 kWh", "Reading now       119 377 kWh",
                            "Used              1 173 kWh at 31.2 p        GBP 365.98",
                            "Standing charge   31 days                    GBP  52.22", "",
                            "Account 7716 2040   Total due GBP 418.20"),
    "harbour-register.pdf": pdf("REGISTER OF DIRECTORS AND SHAREHOLDERS", ISSUED, "",
                                "HARBOUR LANE TRADING LTD   No. 0948 2213", "", "Director: DUARTE, Ines, born 11 February",
                                "1984, chief executive", "Shares: LANE HOLDINGS B.V. 60, Mara Lane (3/12/1979) 40"),
    "juniper-articles.pdf": pdf("CONSTITUTION OF JUNIPER BAKERY LIMITED", "Companies Act 2014", "",
                                "1. The name of the company is Juniper Bakery Limited.",
                                "2. The registered office is at 12 Mill Road, Cork, Ireland.",
                                "3. The company bakes and sells bread.", "4. The liability of the member is limited.",
                                "", "Company number 651208"),
    "juniper-number.pdf": pdf("COMPANIES REGISTRATION OFFICE", "CERTIFICATE OF BUSINESS NUMBER", "",
                              "Company          JUNIPER BAKERY LIMITED", "Number           651280",
                              "Status           Registered", "", ISSUED),
    "juniper-bill.pdf": pdf("LEE ELECTRICITY", ISSUED, "", "Juniper Bakery Ltd", "12 Mill Road, Cork", "",
                            "Account 2290 118   Total due EUR 731.05"),
    "juniper-register.pdf": pdf("REGISTER OF DIRECTORS AND SHAREHOLDERS", ISSUED, "", "JUNIPER BAKERY LTD   No. 651208",
                                "", "Director: BRENNAN, Orla, born 19 April 1988", "Shares: Orla Brennan 100"),
    "accounts.xlsx": xlsx([("Turnover", 1840000), ("Cost of sales", 1210000), ("Result", 214000)]),
    "accounts.xls": compound("Workbook", b"\x09\x08\x10\x00\x00\x06\x05\x00"),
    "licence.docx": docx("Licence to trade, issued by the municipality."),
    "letter.doc": compound("WordDocument", b"\xec\xa5\xc1\x00"),
    "passport.jpg": page("JPEG", "PASSPORT", ["SPECIMEN", "Number       S0000000"]),
    "identity.png": page("PNG", "IDENTITY CARD", ["SPECIMEN", "Number       00000000"]),
    "duarte-passport.png": page("PNG", "PORTUGAL  PASSPORT", [
        "Surname      DUARTE", "Given names  INES", "Nationality  PRT", "Birth        11 FEB 1984", "Number       CA104733",
        "Expires      02 MAY 2031", "P<PRTDUARTE<<INES<<<<<<<<<<<<<<<<<", "CA104733<8PRT8402112F3105026<<<<<<"]),
    "bill.jpeg": page("JPEG", "WATER BILL", [
        "Atlas & Fils SA", "Casablanca", "", "Account 44 1820   3rd quarter", "Used 48 m3   Due MAD 612.40"],
        photo=False),
}

COMPANY_DOCUMENTS = {
    "MEMORANDUM_ARTICLES": "articles.pdf", "BUSINESS_NUMBER": "number.pdf", "PROOF_OF_ADDRESS": "address.pdf",
    "DIRECTORS_SHAREHOLDERS_REG": "register.pdf", "FINANCIAL_STATEMENTS": "accounts.xlsx",
    "LICENSES_PERMITS": "licence.docx", "OTHER": "letter.doc",
}


# --- the parts of a case ------------------------------------------------------------------------

def company_document(kind, review="unreviewed", file=None, reason=None, name=None, read=None):
    file = file or COMPANY_DOCUMENTS[kind]
    document = {"category": "COMPANY_INFO", "type": kind, "file_name": name or file, "file": "files/" + file,
                "upload": "ready", "review": review}
    if read:
        document["extracted"] = read  # values that a provider read from the document
    if reason:
        document["review_reason"] = reason
    return document


def company_documents(review="unreviewed", without=(), extra=()):
    mandatory = ["MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG"]
    return [company_document(kind, review) for kind in mandatory if kind not in without] + list(extra)


def identity(kind="PASSPORT", file="passport.jpg", review="unreviewed", read=None):
    document = {"category": "IDENTITY", "type": kind, "file_name": file, "file": "files/" + file, "upload": "ready",
                "review": review}
    if read:
        document["extracted"] = read
    return document


def kyc(status, review=None, checks=(), **more):
    """The KYC session of a related party."""
    review = review or ("accepted" if status == "approved" else "unreviewed")
    session = {"workflow": "generic-kyc", "status": status}
    if status not in ("draft", "active", "expired"):
        session["documents"] = [identity(review=review)]
        session["submitted_at"] = at(-5)
    if checks:
        session["checks"] = list(checks)
    session.update(more)
    return session


def person(name, percent=None, roles=("ubo",), control=None, born="1980-05-17", country=None, session=None, **more):
    party = {"kind": "individual", "name": name, "roles": list(roles), "date_of_birth": born}
    if control:
        party["control_role"] = control
    if percent is not None:
        party["ownership_percent"] = percent
        party["owner_of"] = more.pop("owner_of", None)
    if country:
        party["country"] = country
    if session:
        party["session"] = session
    party.update(more)
    return party


def holding(name, percent, country, **more):
    return {"kind": "company", "name": name, "roles": ["shareholder"], "ownership_percent": percent,
            "owner_of": None, "country": country, **more}


def watchlist(status, hits=(), score=None):
    check = {"kind": "watchlist", "status": status, "checked_at": at(-2), "detail": {}}
    if score is not None:
        check["score"] = score
    if hits:
        check["hits"] = list(hits)
    return check


def hit(name, listed, score, state="open", **more):
    return {"name": name, "list": listed, "score": score, "state": state, **more}


def check(kind, status, **more):
    return {"kind": kind, "status": status, "checked_at": at(-2), "detail": {}, **more}


CASES = []


def kyb(ref, name, country, status="manual_review", merchant="northwind-pay", risk=None, sent=-1.0, documents=None,
        parties=(), checks=(), number=None, tax=None, level="LIGHT", city="", street="", activity="", **more):
    case = {
        "external_ref": ref, "workflow": "ralio-kyb", "kind": "kyb", "merchant": merchant, "status": status,
        "subject": {"uid": "biz-" + ref.split("-")[1], "kind": "business", "name": name, "country": country,
                    "level": level},
    }
    subject = case["subject"]
    if number:
        subject["registration_number"] = number
    if tax:
        subject["tax_id"] = tax
    if city:
        subject["address"] = {"street": street, "city": city, "country": country}
    if risk is not None:
        case["risk_score"] = risk
        case["risk_factors"] = [{"code": "country", "points": risk // 3, "detail": "where it is registered"},
                                {"code": "activity", "points": risk - risk // 3, "detail": activity or "what it does"}]
    submitted = status not in ("draft", "active", "expired")
    case["steps"] = [
        {"id": "company_info", "status": "completed" if submitted else "in_progress",
         "fields": {"business_activity": activity} if activity else {}},
        {"id": "related_parties", "status": "in_progress" if submitted else "pending"},
        {"id": "review", "status": "completed" if status in ("approved", "rejected") else "pending"},
    ]
    case["documents"] = company_documents() if documents is None else list(documents)
    case["parties"] = list(parties)
    case["checks"] = list(checks)
    case["created_at"] = at(sent - 1)
    if submitted:
        case["submitted_at"] = at(sent)
    case["updated_at"] = at(sent)
    case["expires_at"] = at(sent + 29)
    case.update(more)
    CASES.append(case)


def individual(ref, name, country, status="manual_review", merchant="lumen-market", risk=None, sent=-0.5, born="1990-01-01",
               documents=None, checks=(), **more):
    case = {
        "external_ref": ref, "workflow": "generic-kyc", "kind": "kyc", "merchant": merchant, "status": status,
        "subject": {"uid": "ind-" + ref.split("-")[1], "kind": "individual", "name": name, "country": country,
                    "date_of_birth": born},
        "custom_tags": {"channel": "app"},
        "steps": [{"id": "identity", "status": "completed" if status != "draft" else "pending", "fields": {}}],
        "documents": ([identity()] if status not in ("draft", "active") else []) if documents is None else list(documents),
        "checks": list(checks), "created_at": at(sent - 0.1), "updated_at": at(sent),
    }
    if risk is not None:
        case["risk_score"] = risk
    if status not in ("draft", "active", "expired"):
        case["submitted_at"] = at(sent)
    case.update(more)
    CASES.append(case)


def decided(decision, by, when, **more):
    return [{"decision": decision, "by": by, "at": when, **more}]


# --- the queue: cases that wait for a reviewer -----------------------------------------------------

kyb("RAL-2031", "Harbour Lane Trading Ltd", "GBR", risk=42, sent=-2.1, number="09482213", tax="GB123456789",
    city="Bristol", street="4 Harbour Lane", activity="Wholesale of fish",
    documents=[company_document("MEMORANDUM_ARTICLES", "accepted", "harbour-articles.pdf", name="articles.pdf",
                                read={"company_name": "HARBOUR LANE TRADING LIMITED"}),
               company_document("BUSINESS_NUMBER", "accepted", "harbour-number.pdf", name="number.pdf",
                                read={"company_name": "HARBOUR LANE TRADING LTD", "registration_number": "09482213",
                                      "vat_number": "GB 123 4567 89", "incorporated_on": "2015-03-12",
                                      "legal_form": "Private company limited by shares", "status": "Active"}),
               company_document("PROOF_OF_ADDRESS", file="harbour-bill.pdf", name="address.pdf",
                                read={"name": "Harbour Lane Trading Limited", "street": "4 Harbour Lane",
                                      "city": "Bristol", "issuer": "Avon Electricity"}),
               company_document("DIRECTORS_SHAREHOLDERS_REG", "accepted", "harbour-register.pdf", name="register.pdf",
                                read={"company_name": "HARBOUR LANE TRADING LTD", "company_number": "0948 2213"})],
    parties=[{**holding("Lane Holdings BV", "60", "NLD"), "id": "5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f401"},
             person("Ines Duarte", "90", ("ubo", "director"), "CEO", "1984-02-11", "PRT",
                    kyc("manual_review", documents=[identity("PASSPORT", "duarte-passport.png", read={
                        "full_name": "Ines Duarte", "date_of_birth": "1984-02-11", "expiry_date": "2031-05-02",
                        "nationality": "PRT", "number": "CA104733"})]),
                    owner_of="5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f401"),
             person("Tomas Reis", "10", ("shareholder",), None, "1991-09-30", "PRT", kyc("approved"),
                    owner_of="5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f401"),
             person("Mara Lane", "40", ("ubo",), None, "1979-12-03", "GBR", kyc("approved"))])

kyb("RAL-2032", "Juniper Bakery Ltd", "IRL", risk=9, sent=-1.6, number="651208", city="Cork", street="12 Mill Road",
    activity="Bakery with three shops",
    documents=[company_document("MEMORANDUM_ARTICLES", file="juniper-articles.pdf", name="articles.pdf"),
               company_document("BUSINESS_NUMBER", file="juniper-number.pdf", name="number.pdf",
                                read={"company_name": "Juniper Bakery Limited", "registration_number": "651280",
                                      "status": "Registered"}),
               company_document("PROOF_OF_ADDRESS", file="juniper-bill.pdf", name="address.pdf",
                                read={"name": "Juniper Bakery Ltd", "street": "12 Mill Road", "city": "Cork"}),
               company_document("DIRECTORS_SHAREHOLDERS_REG", file="juniper-register.pdf", name="register.pdf")],
    parties=[person("Orla Brennan", "100", ("ubo", "director"), "Owner", "1988-04-19", "IRL", kyc("manual_review"))])

kyb("RAL-2033", "株式会社ミナト商事", "JPN", risk=71, sent=-1.9, number="0104-01-082311", city="横浜市",
    street="中区海岸通1-1", activity="Import and export of machine parts",
    documents=company_documents("accepted", without=("PROOF_OF_ADDRESS",)),
    parties=[person("港 太郎", "70", ("ubo", "director"), "President", "1969-07-02", "JPN", kyc("active")),
             person("佐藤 美咲", "30", ("ubo",), None, "1975-03-14", "JPN", kyc("draft"))])

kyb("RAL-2034", "Soluções Aurora Ltda", "BRA", risk=18, sent=-0.4, number="42731085000167", city="São Paulo",
    street="Rua Aurora 456", activity="Custom software", documents=company_documents("accepted"),
    parties=[person("João Araújo", "55.5", ("ubo", "director"), "CEO", "1981-10-09", "BRA", kyc("approved")),
             person("Lívia Conceição", "44.5", ("ubo",), "CFO", "1986-01-22", "BRA", kyc("approved"))])

kyb("RAL-2035", "Nordlys Sjømat AS", "NOR", risk=22, sent=-0.2, number="918273645", city="Tromsø",
    activity="Fish farming", documents=company_documents("accepted"), parties=[])

kyb("RAL-2036", "Kestrel Freight GmbH", "DEU", risk=35, sent=-3.0, number="HRB 88211", city="Hamburg",
    activity="Sea freight", documents=company_documents("accepted", extra=[company_document("FINANCIAL_STATEMENTS", "accepted")]),
    parties=[person("Jürgen Groß", "80", ("ubo", "director"), "Managing Director", "1963-05-05", "DEU", kyc("approved")),
             person("Anneliese Groß", "35", ("ubo",), None, "1966-11-23", "DEU", kyc("approved"))])

kyb("RAL-2037", "Циклон Логистика ООД", "BGR", risk=58, sent=-1.0, number="204881172", city="Варна",
    activity="Road transport", documents=company_documents("accepted"),
    parties=[{**holding("Вихър Холдинг АД", "50", "BGR"), "id": "5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f402",
              "owns": [{"of": None, "percent": "50"}, {"of": "5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f403", "percent": "60"}]},
             {"kind": "company", "name": "Буря Инвест ЕООД", "roles": ["shareholder"], "country": "BGR",
              "id": "5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f403",
              "owns": [{"of": "5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f402", "percent": "40"}]},
             person("Елена Димитрова", "50", ("ubo", "director"), "Managing Partner", "1977-08-08", "BGR",
                    kyc("approved"))])
for _party in CASES[-1]["parties"]:
    if "owns" in _party:
        _party.pop("ownership_percent", None)
        _party.pop("owner_of", None)

kyb("RAL-2038", "Al Noor General Trading LLC", "ARE", risk=83, sent=-2.6, number="CN-1180042", city="Dubai",
    activity="Trade in precious metals", documents=company_documents("accepted"),
    parties=[person("نور الهاشمي", "100", ("ubo", "director"), "Owner", "1972-01-30", "ARE",
                    kyc("manual_review", checks=[watchlist("hit", [
                        hit("Noor Al Hashemi", "UN consolidated list", 0.71, detail={
                            "aliases": ["نور الهاشمي"], "date_of_birth": "1961", "nationality": "Iraq",
                            "list_version": "2026-11-12"}),
                        hit("N. Hashimi", "regional PEP list", 0.64, **{"class": "pep"})], 0.71)]))],
    checks=[watchlist("hit", [hit("Al Noor Trading", "OFAC SDN", 0.78, detail={
        "aliases": ["Al Noor Bullion Trading"], "country": "United Arab Emirates", "registration_number": "DMCC-771204",
        "list_version": "2026-11-17", "entry_id": "SDN-36112", "remarks": "Bullion, linked to a listed bank"})], 0.78)])

kyb("RAL-2039", "Blue Heron Analytics Inc.", "USA", risk=15, sent=-0.1, number="C4188201", city="Portland",
    activity="Market research", documents=company_documents(extra=[company_document("LICENSES_PERMITS")]),
    parties=[person("Dana Whitfield", "51", ("ubo", "director"), "President", "1983-06-27", "USA", kyc("completed")),
             person("Marcus Okoye", "49", ("ubo",), "Secretary", "1979-09-12", "USA", kyc("manual_review"))])

kyb("RAL-2040", "Taverna Elaia ΕΠΕ", "GRC", risk=12, sent=-1.2, number="148822101000", city="Θεσσαλονίκη",
    activity="Restaurant", documents=company_documents(
        "accepted", without=("PROOF_OF_ADDRESS",),
        extra=[company_document("PROOF_OF_ADDRESS", "rejected", "bill.jpeg", "out_of_date_range")]),
    parties=[person("Νίκος Παππάς", "100", ("ubo", "director"), "Owner", "1970-02-02", "GRC", kyc("approved"))])

kyb("RAL-2041", "Crescent Payments Sdn Bhd", "MYS", merchant="kestrel-pay", risk=66, sent=-4.2, number="1180221-K",
    city="Kuala Lumpur", activity="Money services", documents=company_documents("accepted"),
    parties=[person("Aisyah binti Rahman", "60", ("ubo", "director"), "Director", "1985-12-12", "MYS", kyc("approved")),
             person("Tan Wei Ming", "40", ("ubo",), None, "1978-04-01", "MYS", kyc("approved"))],
    checks=[check("adverse_media", "failed"), watchlist("passed")])

kyb("RAL-2042", "Montclair Vermögens AG", "CHE", merchant="kestrel-pay", risk=77, sent=-2.2, number="CHE-114.220.118",
    city="Zürich", activity="Family office", documents=company_documents("accepted"),
    parties=[person("Klaus von Aesch", "100", ("ubo", "director"), "Chairman", "1955-10-31", "CHE",
                    kyc("approved"))],
    checks=[watchlist("hit", [hit("Klaus von Aesch", "national PEP register", 0.93, "true_match",
                                  **{"class": "pep", "reason": "same_person"})], 0.93)])

kyb("RAL-2043", "Sable Point Shipping Ltd", "MLT", merchant="kestrel-pay", risk=91, sent=-3.3, number="C 70221",
    city="Valletta", activity="Ship chartering", documents=company_documents("accepted"),
    parties=[person("Viktor Sorin", "75", ("ubo", "director"), "Director", "1968-03-25", "MLT", kyc("approved")),
             person("Greta Camilleri", "25", ("ubo",), None, "1990-07-16", "MLT", kyc("approved"))],
    checks=[watchlist("hit", [hit("Viktor Sorin", "EU sanctions list", 0.97, "true_match",
                                  **{"class": "sanctions", "reason": "same_person"})], 0.97)])

kyb("RAL-2044", "Petit Atelier SARL", "FRA", risk=7, sent=-0.9, number="881 204 117", city="Lyon",
    activity="Furniture repair", documents=company_documents("accepted", extra=[
        company_document("OTHER", "accepted", file="accounts.xls", name="comptes 2025.xls")]),
    parties=[person("Éloïse Marchand", "50", ("ubo", "director"), "Manager", "1992-02-29", "FRA", kyc("expired")),
             person("Théo Marchand", "50", ("ubo",), None, "1994-06-06", "FRA", kyc("rejected"))])

kyb("RAL-2045", "Green Valley Co-operative", "KEN", risk=29, sent=-0.6, number="CPR/2011/44810", city="Nakuru",
    activity="Farmers' co-operative", documents=company_documents("accepted"),
    parties=[person("Wanjiru Kamau", None, ("director",), None, "1976-05-20", "KEN", kyc("approved")),
             person("Otieno Odhiambo", None, ("director",), None, "1971-11-11", "KEN", kyc("approved"))])

kyb("RAL-2046", "Lakeshore Dental Group", "CAN", risk=11, sent=-0.05, number="1188240-2", city="Toronto",
    activity="Dental clinics", documents=company_documents(), parties=[
        person("Priya Natarajan", "34", ("ubo", "director"), "Managing Partner", "1980-08-18", "CAN", kyc("active")),
        person("Colin MacLeod", "33", ("ubo",), "Partner", "1974-01-15", "CAN", kyc("manual_review")),
        person("Sophie Tremblay", "33", ("ubo",), "Partner", "1982-09-09", "CAN", kyc("approved"))])

kyb("RAL-2047", "สยามคราฟท์ จำกัด", "THA", risk=24, sent=-1.4, number="0105561122334", city="กรุงเทพมหานคร",
    activity="Handicraft export", documents=company_documents("accepted"),
    parties=[person("สมชาย ใจดี", "51", ("ubo", "director"), "Director", "1973-03-03", "THA", kyc("approved")),
             person("มาลี ศรีสุข", "49", ("ubo",), None, "1979-10-10", "THA", kyc("approved"))])

kyb("RAL-2048", "한빛소프트웨어 주식회사", "KOR", risk=16, sent=-0.7, number="110111-8822014", city="서울",
    activity="Software", documents=company_documents(),
    parties=[person("김민준", "65", ("ubo", "director"), "CEO", "1987-07-07", "KOR", kyc("manual_review")),
             person("이서연", "35", ("ubo",), None, "1990-12-24", "KOR", kyc("approved"))])

kyb("RAL-2049", "Atlas & Fils SA", "MAR", risk=44, sent=-2.9, number="RC 411820", city="Casablanca",
    activity="Textile wholesale", returned=True,
    documents=company_documents("accepted", without=("PROOF_OF_ADDRESS",),
                                extra=[company_document("PROOF_OF_ADDRESS", file="bill.jpeg")]),
    parties=[person("Youssef Alaoui", "100", ("ubo", "director"), "Owner", "1965-06-30", "MAR", kyc("approved"))],
    corrections=[{"step_id": "company_info", "field_ids": [], "document_types": ["PROOF_OF_ADDRESS"],
                  "message": "Please send a bill from the last three months.", "state": "answered",
                  "asked_by": "ana", "asked_at": at(-2), "answered_at": at(-0.3)}])

# --- cases that wait for the client ----------------------------------------------------------

kyb("RAL-2050", "Ostrava Steelworks s.r.o.", "CZE", "awaiting_client_correction", risk=31, sent=-6, number="27811229",
    city="Ostrava", activity="Steel products",
    documents=company_documents("accepted", without=("BUSINESS_NUMBER",),
                                extra=[company_document("BUSINESS_NUMBER", "rejected", reason="blurry")]),
    parties=[person("Petr Novák", "100", ("ubo", "director"), "Owner", "1959-04-04", "CZE", kyc("approved"))],
    corrections=[{"step_id": "company_info", "field_ids": [], "document_types": ["BUSINESS_NUMBER"],
                  "message": "The certificate can't be read; please scan it again in colour.", "state": "open",
                  "asked_by": "bo", "asked_at": at(-1)}])
kyb("RAL-2051", "Casa Verde Imóveis Lda", "PRT", "awaiting_client_correction", risk=19, sent=-9, number="513882014",
    city="Porto", activity="Real estate agency", documents=company_documents("accepted"),
    parties=[person("Rui Carvalho", "100", ("ubo", "director"), "Owner", "1974-09-01", "PRT", kyc("active"))],
    corrections=[{"step_id": "company_info", "field_ids": ["business_activity"], "document_types": [],
                  "message": "Please describe what the company does in a sentence or two.", "state": "open",
                  "asked_by": "ana", "asked_at": at(-4)}])
individual("IND-3101", "Zofia Wiśniewska", "POL", "awaiting_client_correction", risk=20, sent=-3, born="1995-05-05",
           corrections=[{"step_id": "identity", "field_ids": [], "document_types": ["government_id"],
                         "message": "The back of the card is missing.", "state": "open", "asked_by": "bo",
                         "asked_at": at(-2)}])

# --- decided --------------------------------------------------------------------------------------

for ref, name, country, who, days in [
        ("RAL-2001", "Redwood Coffee Roasters LLC", "USA", "Ellis Hart", -40),
        ("RAL-2002", "Fjordlink AB", "SWE", "Astrid Lindqvist", -36),
        ("RAL-2003", "Pampas Export SRL", "ARG", "Martina Quiroga", -31),
        ("RAL-2004", "Saffron Table Pvt Ltd", "IND", "Rohan Deshmukh", -24),
        ("RAL-2005", "Białowieża Timber Sp. z o.o.", "POL", "Marek Zieliński", -17),
        ("RAL-2006", "Rift Valley Solar Ltd", "KEN", "Achieng Otieno", -11),
        ("RAL-2007", "Dolomiti Sport SRL", "ITA", "Chiara Benedetti", -6)]:
    kyb(ref, name, country, "approved", risk=10 + len(name) % 20, sent=days, level="REGULAR", activity="Trade",
        documents=company_documents("accepted"),
        parties=[person(who, "100", ("ubo", "director"), "Owner", "1977-07-07", country, kyc("approved"))],
        decisions=decided("approve", "ana", at(days + 1)))
for ref, name, country, reason, days, retryable in [
        ("RAL-2008", "Quick Gains Capital Ltd", "GBR", "unsupported_activity", -20, False),
        ("RAL-2009", "Mirage Consulting FZE", "ARE", "control_not_established", -14, True),
        ("RAL-2010", "Old Mill Imports BV", "NLD", "expired_document", -8, True)]:
    kyb(ref, name, country, "rejected", risk=60, sent=days, activity="Consulting", documents=company_documents(),
        decisions=decided("reject", "bo", at(days + 1), reason=reason, retryable=retryable))
individual("IND-3102", "Samuel Adeyemi", "NGA", "approved", risk=14, sent=-5, born="1989-03-21",
           documents=[identity(review="accepted")], decisions=decided("approve", "bo", at(-4)))
individual("IND-3103", "Ingrid Solberg", "NOR", "approved", risk=5, sent=-7, born="1993-08-30",
           documents=[identity("ID", "identity.png", review="accepted")], decisions=decided("approve", "ana", at(-6)))
individual("IND-3104", "Pavel Horák", "CZE", "rejected", risk=72, sent=-6, born="1984-11-02",
           decisions=decided("reject", "ana", at(-5), reason="data_mismatch", retryable=True))

# --- individuals in the queue ----------------------------------------------------------------------

individual("IND-3105", "María José Fernández-Ñúñez", "ESP", risk=8, sent=-0.3, born="1997-12-01")
individual("IND-3106", "Nguyễn Thị Minh Khai", "VNM", risk=33, sent=-1.1, born="1988-02-14",
           documents=[identity(), identity("proof_of_address", "bill.jpeg")])
individual("IND-3107", "דוד לוי", "ISR", risk=25, sent=-0.8, born="1979-01-19", checks=[check("face_match", "failed", score=0.41)])
individual("IND-3108", "Omar Farouk Haddad", "LBN", risk=69, sent=-2.4, born="1970-10-05",
           checks=[watchlist("hit", [
               hit("Omar F. Haddad", "OFAC SDN", 0.66, detail={
                   "date_of_birth": "1970", "nationality": "Lebanon", "passport_number": "RL 2240917",
                   "list_version": "2026-11-17", "entry_id": "SDN-20418"}),
               hit("Umar Haddad", "UN list", 0.52, detail={"date_of_birth": "1958-03-02", "nationality": "Syria",
                                                            "list_version": "2026-11-12"})], 0.66),
                   check("adverse_media", "error")])
individual("IND-3109", "Åsa Öberg", "SWE", risk=3, sent=-0.15, born="2001-06-21", documents=[identity("ID", "identity.png")])
individual("IND-3110", "Chukwuemeka Obi-Nwosu", "NGA", risk=47, sent=-1.8, born="1991-04-09",
           checks=[check("extraction", "timeout"), check("cross_validation", "failed")])
individual("IND-3111", "王小明", "TWN", risk=13, sent=-0.6, born="1996-09-28",
           documents=[identity(review="accepted")], checks=[watchlist("passed"), check("face_match", "passed", score=0.98)])
individual("IND-3112", "Siobhán Ní Dhomhnaill", "IRL", risk=6, sent=-1.3, born="1999-10-31",
           documents=[identity(review="rejected")])
CASES[-1]["documents"][0]["review_reason"] = "front_missing"

# --- completed, processing, in progress, expired ---------------------------------------------------------

individual("IND-3113", "Lucas Moreau", "BEL", "completed", risk=11, sent=-0.2, born="1994-03-12")
individual("IND-3114", "Fatima Zahra Benali", "MAR", "completed", risk=28, sent=-0.9, born="1987-05-25")
individual("IND-3115", "Henrik Jørgensen", "DNK", "processed", risk=17, sent=-0.5, born="1976-07-19",
           documents=[identity(review="accepted")], checks=[watchlist("passed"), check("crypto", "passed")])
individual("IND-3116", "Valentina Rossi", "ITA", "processed", risk=39, sent=-1.5, born="1985-02-07",
           checks=[watchlist("hit", [hit("V. Rossi", "adverse media index", 0.58, **{"class": "adverse_media"})], 0.58)])
individual("IND-3117", "Thandiwe Mokoena", "ZAF", "processing", sent=-0.02, born="1998-11-16",
           checks=[watchlist("pending"), check("extraction", "pending")])
individual("IND-3118", "Aylin Demir", "TUR", "processing", sent=-0.01, born="1992-12-30", checks=[watchlist("pending")])
for ref, name, country in [("IND-3119", "Noah Fischer", "DEU"), ("IND-3120", "Emma Laurent", "FRA"),
                           ("IND-3121", "Ravi Shankaran", "IND"), ("IND-3122", "Olivia Brown", "NZL")]:
    individual(ref, name, country, "active", sent=-0.4)
for ref, name, country in [("IND-3123", "Mateo Ríos", "COL"), ("IND-3124", "Hana Suzuki", "JPN"),
                           ("IND-3125", "Ivan Petrov", "BGR")]:
    individual(ref, name, country, "draft", sent=-2)
individual("IND-3126", "Beatriz Lima", "BRA", "expired", sent=-45, expires_at=at(-15))
kyb("RAL-2060", "Silver Birch Studio OÜ", "EST", "draft", sent=-3, documents=[], activity="Design")
kyb("RAL-2061", "Canyon Outfitters LLC", "USA", "active", sent=-1, activity="Outdoor equipment",
    documents=company_documents(without=("DIRECTORS_SHAREHOLDERS_REG", "PROOF_OF_ADDRESS")))
kyb("RAL-2062", "Delta Fisheries Ltd", "BGD", "active", merchant="kestrel-pay", sent=-0.5, activity="Shrimp farming",
    documents=company_documents(without=("BUSINESS_NUMBER",)))
kyb("RAL-2063", "Lisboa Surf Escola Lda", "PRT", "expired", sent=-60, documents=company_documents(
    without=("MEMORANDUM_ARTICLES",)), activity="Surf school")

# --- other blockers ------------------------------------------------------------------------------------

# Blue Heron again, with the same registration number: both cases have the blocker duplicate_open.
kyb("RAL-2064", "Blue Heron Analytics LLC", "USA", merchant="northwind-pay", risk=44, sent=-0.3, number="C4188201",
    city="Portland", street="9 Quay Street", activity="Analysis of shipping data", documents=company_documents("accepted"),
    parties=[person("Mara Heron", "100", ("ubo", "director"), "Director", "1979-12-03", "USA", kyc("approved"))])
# No document, no check and no completed step: the blocker nothing_examined.
individual("IND-3127", "Jonas Meyer", "CHE", risk=4, sent=-0.2, born="1986-08-08", documents=[],
           steps=[{"id": "identity", "status": "skipped", "fields": {}}])
# A step needs a correction, but no correction was requested: the blocker step_open.
individual("IND-3128", "Camille Fontaine", "FRA", risk=9, sent=-0.7, born="1991-03-17",
           documents=[identity(review="accepted")],
           steps=[{"id": "identity", "status": "completed", "fields": {}},
                  {"id": "address", "status": "needs_correction", "fields": {"city": "Lille"}}])

# --- cases of the other workflows ------------------------------------------------------------------------

AVENIA = {"deed": "2d7f4b91-e3a8-4c1f-9e62-5b0d7a8f3c16", "tax": "6a1c8e35-9b4f-4d7a-9291-3f8c5b0e1a74",
          "passport": "8b3e1a72-5c9f-4d2e-b847-0a6c1d9e5f01", "owner": "5a1d2c34-0d1c-5e6f-8a7b-90c1d2e3f404"}


def paper(number, kind, file, review="accepted"):
    return {"id": number, "type": kind, "file_name": file, "file": "files/" + file, "upload": "ready", "review": review}


# Avenia: numberOfEmployees is not one of the profile's ranges: the blocker field_invalid.
CASES.append({
    "external_ref": "AVE-4001", "workflow": "avenia-kyb-level-1", "kind": "kyb", "merchant": "lumen-market",
    "status": "manual_review",
    "subject": {"uid": "ave-4001", "kind": "business", "name": "CAFE AURORA LTDA", "country": "BRA",
                "registration_number": "35100000001", "tax_id": "11222333000181",
                "address": {"street": "AV PAULISTA 1000 CONJ 204", "city": "SAO PAULO", "state": "SP",
                            "zip_code": "01310-100", "country": "BRA"}},
    "risk_score": 21,
    "steps": [{"id": "documents", "status": "completed"}, {"id": "ubos", "status": "completed"},
              {"id": "company", "status": "completed", "fields": {
                  "uboIds": [AVENIA["owner"]], "businessActivityDescription": "Coffee roasting and three shops in the city",
                  "reasonForAccountOpening": "payroll", "sourceOfFundsAndIncome": "grants", "numberOfEmployees": "12",
                  "estimatedAnnualRevenueUsd": "100k_to_1m", "estimatedMonthlyVolumeUsd": "2000",
                  "countryTaxResidence": "BRA", "companyState": "SP",
                  "certificateOfIncorporationDocumentId": AVENIA["deed"], "taxIdentificationDocumentId": AVENIA["tax"]}}],
    "documents": [paper(AVENIA["deed"], "CERTIFICATE-OF-INCORPORATION", "articles.pdf"),
                  paper(AVENIA["tax"], "COMPANY-TAX-IDENTIFICATION-DOCUMENT", "number.pdf"),
                  paper(AVENIA["passport"], "PASSPORT", "passport.jpg", "unreviewed")],
    "parties": [{"id": AVENIA["owner"], "kind": "individual", "name": "Lia Prado", "roles": ["ubo"],
                 "control_role": "CEO", "ownership_percent": "100", "owner_of": None, "date_of_birth": "1988-07-22",
                 "country": "BRA", "tax_id": "39053344705",
                 "addresses": [{"street": "RUA AURORA 456", "city": "SAO PAULO", "state": "SP", "zip_code": "01209-001",
                                "country": "BRA"}],
                 "fields": {"countryOfTaxId": "BRA", "uploadedIdentificationId": AVENIA["passport"],
                            "documentCountry": "BRA"}}],
    "created_at": at(-2), "submitted_at": at(-1.3), "updated_at": at(-1.3)})

# Atelio: a foreign beneficial owner in manual review; a U.S. owner, completed but not decided, with a bureau check that
# timed out.
CASES.append({
    "external_ref": "ATE-5001", "workflow": "atelio-beneficial-owner", "kind": "kyc", "merchant": "kestrel-pay",
    "status": "manual_review",
    "subject": {"uid": "ate-5001", "kind": "individual", "name": "Rui Salgado", "country": "PRT",
                "date_of_birth": "1974-06-12"},
    "steps": [{"id": "identity", "status": "completed",
               "fields": {"program_id": "72585109-8222-4221-b15b-48e87ffed790", "first_name": "Rui",
                          "last_name": "Salgado"}},
              {"id": "addresses", "status": "completed", "fields": {"addresses": [
                  {"address_type": "PHYSICAL", "street": "12 Rua da Praia", "city": "Faro", "state": "Faro",
                   "zip_code": "8000-001", "country": "PT", "is_primary": True}]}}],
    "checks": [check("ofac", "passed"), check("bureau", "failed", detail={"health": "down", "info": "no file"})],
    "created_at": at(-1), "submitted_at": at(-0.8), "updated_at": at(-0.8)})
CASES.append({
    "external_ref": "ATE-5002", "workflow": "atelio-beneficial-owner", "kind": "kyc", "merchant": "kestrel-pay",
    "status": "completed",
    "subject": {"uid": "ate-5002", "kind": "individual", "name": "Dale Pruitt", "country": "USA",
                "date_of_birth": "1969-09-30", "email": "dale@pruitt.example"},
    "steps": [{"id": "identity", "status": "completed",
               "fields": {"program_id": "72585109-8222-4221-b15b-48e87ffed790", "first_name": "Dale",
                          "last_name": "Pruitt", "ssn": "123-45-6789", "phone": "555-111-2222",
                          "phone_country_code": "1", "ip": "192.168.1.139"}},
              {"id": "addresses", "status": "completed", "fields": {"addresses": [
                  {"address_type": "PHYSICAL", "street": "5 California Ave.", "city": "San Francisco", "state": "CA",
                   "zip_code": "12345", "country": "US", "is_primary": True}]}}],
    "checks": [check("ofac", "passed"), check("bureau", "timeout")],
    "created_at": at(-1), "submitted_at": at(-0.4), "updated_at": at(-0.4)})

# Ralio sandbox: an individual and a business, both active, with the identity step in progress.
for ref, kind, name, country in [("SBX-6001", "individual", "Nora Lindgren", "SWE"),
                                 ("SBX-6002", "business", "Copper Kettle Ltd", "GBR")]:
    CASES.append({
        "external_ref": ref, "workflow": "ralio-sandbox", "kind": "kyc" if kind == "individual" else "kyb",
        "merchant": "lumen-market", "status": "active",
        "subject": {"uid": ref.lower(), "kind": kind, "name": name, "country": country},
        "steps": [{"id": "identity", "status": "in_progress"}],
        "created_at": at(-0.6), "updated_at": at(-0.6), "expires_at": at(29)})


def main():
    files = HERE / "files"
    files.mkdir(exist_ok=True)
    for name, content in FILES.items():
        (files / name).write_bytes(content)
    with open(HERE / "cases.ndjson", "w", encoding="utf-8") as out:
        for case in CASES:
            out.write(json.dumps(case, ensure_ascii=False) + "\n")
    print("%d cases, %d files" % (len(CASES), len(FILES)))


if __name__ == "__main__":
    main()
