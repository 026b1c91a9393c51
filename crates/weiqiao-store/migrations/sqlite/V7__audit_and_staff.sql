-- Who did what, as a chain of hashes; staff that is somebody's advisor; sessions that end when nobody uses them; failed logins.

-- One row per deed, never changed and never deleted. Its hash covers the row before it.
CREATE TABLE audit (
    -- Its place in the chain, from 1 without gaps.
    n INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    deed TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    request_id TEXT,
    -- JSON, sealed by the application.
    detail BLOB NOT NULL,
    -- Keyed digests of what was changed, hex.
    before_digest TEXT,
    after_digest TEXT,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at, n);
CREATE INDEX audit_by_actor ON audit (actor_id, n);
CREATE INDEX audit_by_target ON audit (target_id, n);
CREATE INDEX audit_by_deed ON audit (deed, n);
CREATE INDEX audit_by_request ON audit (request_id) WHERE request_id IS NOT NULL;

-- The end of the chain: one row. Whoever adds to the chain has it locked.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    n INTEGER NOT NULL,
    hash BLOB NOT NULL,
    -- The key of the chain, sealed by the application.
    sealed_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Which advisor a member of staff is.
ALTER TABLE staff ADD COLUMN advisor_id TEXT;
-- The hash of a one-time token with which they set a password themselves.
ALTER TABLE staff ADD COLUMN setup_hash TEXT;
ALTER TABLE staff ADD COLUMN setup_until INTEGER;
CREATE UNIQUE INDEX staff_by_setup ON staff (setup_hash) WHERE setup_hash IS NOT NULL;

-- Staff sessions also end when they were not used for so long, milliseconds; NULL: not.
ALTER TABLE session ADD COLUMN idle_ms INTEGER;
-- The hash of the value of the console's cookie.
ALTER TABLE session ADD COLUMN cookie_hash TEXT;
CREATE UNIQUE INDEX session_by_cookie ON session (cookie_hash) WHERE cookie_hash IS NOT NULL;

-- Failed logins of staff, by keyed hashes of the user name, alone and with the address.
CREATE TABLE login_guard (
    key TEXT NOT NULL PRIMARY KEY,
    -- Since the window began.
    failures INTEGER NOT NULL,
    window_until INTEGER NOT NULL,
    -- How often the door was shut; the next time it stays shut for longer.
    level INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    -- Somebody logged in from here before: then guesses from elsewhere do not shut this door.
    trusted_until INTEGER NOT NULL,
    forget_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_guard_by_age ON login_guard (forget_at);

-- The last tries of all jobs.
CREATE INDEX job_attempt_by_time ON job_attempt (started_at, job_id);
