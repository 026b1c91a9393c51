-- Text compares by bytes (COLLATE "C"), as it does in SQLite.
-- Who did what, as a chain of hashes; staff that is somebody's advisor; sessions that end when nobody uses them; failed logins.

-- One row per deed, never changed and never deleted. Its hash covers the row before it.
CREATE TABLE audit (
    -- Its place in the chain, from 1 without gaps.
    n BIGINT NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    deed TEXT COLLATE "C" NOT NULL,
    target_kind TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C",
    -- JSON, sealed by the application.
    detail BYTEA NOT NULL,
    -- Keyed digests of what was changed, hex.
    before_digest TEXT COLLATE "C",
    after_digest TEXT COLLATE "C",
    hash BYTEA NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, n);
CREATE INDEX audit_by_actor ON audit (actor_id, n);
CREATE INDEX audit_by_target ON audit (target_id, n);
CREATE INDEX audit_by_deed ON audit (deed, n);
CREATE INDEX audit_by_request ON audit (request_id) WHERE request_id IS NOT NULL;

-- The end of the chain: one row. Whoever adds to the chain has it locked.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    n BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    -- The key of the chain, sealed by the application.
    sealed_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Which advisor a member of staff is.
ALTER TABLE staff ADD COLUMN advisor_id TEXT COLLATE "C";
-- The hash of a one-time token with which they set a password themselves.
ALTER TABLE staff ADD COLUMN setup_hash TEXT COLLATE "C";
ALTER TABLE staff ADD COLUMN setup_until BIGINT;
CREATE UNIQUE INDEX staff_by_setup ON staff (setup_hash) WHERE setup_hash IS NOT NULL;

-- Staff sessions also end when they were not used for so long, milliseconds; NULL: not.
ALTER TABLE session ADD COLUMN idle_ms BIGINT;
-- The hash of the value of the console's cookie.
ALTER TABLE session ADD COLUMN cookie_hash TEXT COLLATE "C";
CREATE UNIQUE INDEX session_by_cookie ON session (cookie_hash) WHERE cookie_hash IS NOT NULL;

-- Failed logins of staff, by keyed hashes of the user name, alone and with the address.
CREATE TABLE login_guard (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- Since the window began.
    failures BIGINT NOT NULL,
    window_until BIGINT NOT NULL,
    -- How often the door was shut; the next time it stays shut for longer.
    level BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    -- Somebody logged in from here before: then guesses from elsewhere do not shut this door.
    trusted_until BIGINT NOT NULL,
    forget_at BIGINT NOT NULL
);
CREATE INDEX login_guard_by_age ON login_guard (forget_at);

-- The last tries of all jobs.
CREATE INDEX job_attempt_by_time ON job_attempt (started_at, job_id);
