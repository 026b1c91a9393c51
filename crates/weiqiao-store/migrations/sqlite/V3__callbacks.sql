-- Callbacks: what WeChat pushed and what was answered, who follows, what rules say.

-- One row per push, however often it is delivered.
CREATE TABLE inbox (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    account TEXT NOT NULL,
    -- What copies of one push have in common; unique within an appid.
    dedup_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('deciding', 'done')),
    -- What was pushed, sealed by the application; NULL: forgotten, because the person it is about is to be.
    body BLOB,
    -- What was answered, sealed; NULL: nothing.
    reply BLOB,
    kind TEXT NOT NULL,
    -- The type of message, such as text.
    msg_type TEXT NOT NULL,
    -- The name of the event; NULL for messages.
    event TEXT,
    -- Blind index of the sender; NULL: WeChat itself.
    who TEXT,
    -- How it came: plain or encrypted, XML or JSON.
    form TEXT NOT NULL,
    -- Epoch milliseconds by WeChat's clock, and by ours.
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    decided_at INTEGER,
    -- rule:<id>, webhook:<id>, handler, nobody …
    decided_by TEXT,
    -- How long the decision took.
    response_ms INTEGER,
    -- How often it was delivered.
    copies INTEGER NOT NULL,
    -- Who is deciding: the newest number may finish, until the lease ends.
    fence INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX inbox_by_key ON inbox (app_id, dedup_key);
CREATE INDEX inbox_by_person ON inbox (app_id, who);
CREATE INDEX inbox_undecided ON inbox (lease_until) WHERE state = 'deciding';

-- Who follows an account, by the newest event about it.
CREATE TABLE follower (
    app_id TEXT NOT NULL,
    -- Blind index of the openid.
    who TEXT NOT NULL,
    account TEXT NOT NULL,
    -- The openid, sealed by the application; NULL once they left.
    openid BLOB,
    subscribed INTEGER NOT NULL CHECK (subscribed IN (0, 1)),
    -- The scene of the QR code they followed by.
    scene TEXT,
    -- When the newest event happened, by WeChat's clock.
    changed_at INTEGER NOT NULL,
    subscribed_at INTEGER,
    unsubscribed_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, who)
) STRICT, WITHOUT ROWID;
CREATE INDEX follower_by_change ON follower (changed_at, who);

-- Rules made by staff: what is answered to what.
CREATE TABLE rule (
    id TEXT NOT NULL PRIMARY KEY,
    -- For one account only, by its name.
    account TEXT,
    priority INTEGER NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    -- JSON.
    condition TEXT NOT NULL,
    reply TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An identity that is to be forgotten takes its sessions with it.
CREATE INDEX session_by_identity ON session (identity_id);
