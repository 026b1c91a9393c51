"""What somebody else would write for POST /api/customer/action: Flask behind waitress, one commit per request, and nothing that
is not necessary, as in express_actions.js.

Prints its port once it listens; ends with standard input.
"""

import json
import logging
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
import uuid

import waitress
from flask import Flask, jsonify, request

TABLES = """
  CREATE TABLE action (id TEXT PRIMARY KEY, advisor TEXT, kind TEXT, detail TEXT, lead TEXT, at BIGINT);
  CREATE TABLE lead (id TEXT PRIMARY KEY, number TEXT, phone TEXT UNIQUE, name TEXT, openid TEXT, source TEXT,
    contract TEXT, level TEXT, remarks TEXT, advisor TEXT, at BIGINT);
  CREATE TABLE job (id TEXT PRIMARY KEY, kind TEXT, recipient TEXT, action TEXT, payload TEXT, status TEXT, at BIGINT);
"""

FOLDER = tempfile.mkdtemp(prefix="flask-actions-")
THREAD = threading.local()
app = Flask(__name__)


def database() -> sqlite3.Connection:
    """The connection of this thread."""
    if not hasattr(THREAD, "db"):
        THREAD.db = sqlite3.connect(os.path.join(FOLDER, "actions.db"), timeout=30, isolation_level=None)
        THREAD.db.execute("PRAGMA synchronous = FULL")
    return THREAD.db


@app.post("/api/customer/action")
def submit():
    """An action, its lead and its job."""
    said, at = request.get_json(), int(time.time() * 1000)
    action, lead = str(uuid.uuid4()), str(uuid.uuid4())
    number = f"CUS{at}{random.randrange(10000)}"
    remarks = "通过微信小程序联系顾问自动创建"
    advisor = said["advisorId"]
    db = database()
    db.execute("BEGIN IMMEDIATE")
    try:
        row = (lead, number, said["customerPhone"], said["customerName"], said["customerId"], "其他", "待定", "B类", remarks)
        db.execute("INSERT INTO lead VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, advisor, at))
        row = (action, advisor, said["actionType"], json.dumps(said), lead, at)
        db.execute("INSERT INTO action VALUES (?, ?, ?, ?, ?, ?)", row)
        row = (str(uuid.uuid4()), "subscribe_message", advisor, action, json.dumps({"action": action}), "queued", at)
        db.execute("INSERT INTO job VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    customer = {"_id": lead, "customerId": number}
    told = {"actionId": action, "customerCreated": True, "customerId": lead, "customer": customer}
    message = "记录客户行为成功，已创建新客户线索"
    return jsonify({"success": True, "code": 200, "message": message, "data": told, "timestamp": at})


def main() -> None:
    """Serves until standard input ends."""
    # Sixty-four requests wait for four threads; it need not say so each time.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    database().execute("PRAGMA journal_mode = WAL")
    database().executescript(TABLES)
    server = waitress.create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    print(server.effective_port, flush=True)
    sys.stdin.read()
    shutil.rmtree(FOLDER, ignore_errors=True)


main()
