"""What Python's email package makes of the files: headers decoded, the body's text, what is attached; a line of JSON each.
HTML stays HTML here: taking it apart isn't counted."""
import email
import email.policy
import json
import sys


def address(a):
    return {"name": a.display_name, "address": a.addr_spec.lower()}


def addresses(m, name):
    return [address(a) for h in m.get_all(name, []) for a in h.addresses]


def read(path):
    with open(path, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    body = m.get_body(("plain", "html"))
    text = ""
    if body is not None:
        try:
            text = body.get_content()
        except LookupError:  # a charset that it doesn't know
            text = body.get_payload()
    return {
        "message_id": m["message-id"],
        "in_reply_to": m["in-reply-to"],
        "references": (m["references"] or "").split(),
        "from": addresses(m, "from"),
        "to": addresses(m, "to"),
        "cc": addresses(m, "cc"),
        "subject": m["subject"],
        "date": str(m["date"].datetime) if m["date"] else None,
        "text": text,
        "attachments": [
            {"filename": p.get_filename(), "type": p.get_content_type(), "size": len(p.get_payload(decode=True) or b"")}
            for p in m.iter_attachments()
        ],
    }


for path in sys.argv[1:]:
    try:
        print(json.dumps(read(path)))
    except Exception as e:  # what it can't read at all
        print(json.dumps({"error": str(e)}))
