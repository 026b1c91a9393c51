-- Text compares by bytes (COLLATE "C"), as it does in SQLite.
-- Callbacks: what WeChat pushed and what was answered, who follows, what rules say.

-- One row per push, however often it is delivered.
CREATE TABLE inbox (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    -- What copies of one push have in common; unique within an appid.
    dedup_key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('deciding', 'done')),
    -- What was pushed, sealed by the application; NULL: forgotten, because the person it is about is to be.
    body BYTEA,
    -- What was answered, sealed; NULL: nothing.
    reply BYTEA,
    kind TEXT COLLATE "C" NOT NULL,
    -- The type of message, such as text.
    msg_type TEXT COLLATE "C" NOT NULL,
    -- The name of the event; NULL for messages.
    event TEXT COLLATE "C",
    -- Blind index of the sender; NULL: WeChat itself.
    who TEXT COLLATE "C",
    -- How it came: plain or encrypted, XML or JSON.
    form TEXT COLLATE "C" NOT NULL,
    -- Epoch milliseconds by WeChat's clock, and by ours.
    sent_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    decided_at BIGINT,
    -- rule:<id>, webhook:<id>, handler, nobody …
    decided_by TEXT COLLATE "C",
    -- How long the decision took.
    response_ms BIGINT,
    -- How often it was delivered.
    copies BIGINT NOT NULL,
    -- Who is deciding: the newest number may finish, until the lease ends.
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_by_key ON inbox (app_id, dedup_key);
CREATE INDEX inbox_by_person ON inbox (app_id, who);
CREATE INDEX inbox_undecided ON inbox (lease_until) WHERE state = 'deciding';

-- Who follows an account, by the newest event about it.
CREATE TABLE follower (
    app_id TEXT COLLATE "C" NOT NULL,
    -- Blind index of the openid.
    who TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    -- The openid, sealed by the application; NULL once they left.
    openid BYTEA,
    subscribed BIGINT NOT NULL CHECK (subscribed IN (0, 1)),
    -- The scene of the QR code they followed by.
    scene TEXT COLLATE "C",
    -- When the newest event happened, by WeChat's clock.
    changed_at BIGINT NOT NULL,
    subscribed_at BIGINT,
    unsubscribed_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, who)
);
CREATE INDEX follower_by_change ON follower (changed_at, who);

-- Rules made by staff: what is answered to what.
CREATE TABLE rule (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- For one account only, by its name.
    account TEXT COLLATE "C",
    priority BIGINT NOT NULL,
    enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    -- JSON.
    condition TEXT COLLATE "C" NOT NULL,
    reply TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- An identity that is to be forgotten takes its sessions with it.
CREATE INDEX session_by_identity ON session (identity_id);
