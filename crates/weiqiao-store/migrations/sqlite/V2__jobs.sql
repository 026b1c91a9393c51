-- Work to be done later, and the webhook endpoints it is done for.

-- One piece of work. next_at is set while somebody may take it up, lease_owner while somebody does, finished_at when it is over.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Whose rate and slots it shares: an appid, the id of a webhook endpoint, or '-'.
    account TEXT NOT NULL,
    -- Jobs of one key run one after another.
    serial_key TEXT,
    -- What made it necessary: inbox:<id>, or 'action', which has the same id.
    origin TEXT,
    -- Sealed by the application.
    payload BLOB NOT NULL,
    status TEXT NOT NULL,
    -- Attempts that were started, and those of them that count for the schedule.
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_at INTEGER,
    expires_at INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL,
    -- The number of the newest lease; only its holder may write a result.
    fence INTEGER NOT NULL,
    last_errcode INTEGER,
    last_error TEXT,
    -- What the other side called it, such as a msgid.
    reference TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
-- What waits, lane by lane. The front of a lane is read in here alone, without the rows.
CREATE INDEX job_due ON job (kind, account, next_at, id, serial_key) WHERE next_at IS NOT NULL;
CREATE UNIQUE INDEX job_running_by_key ON job (serial_key) WHERE lease_owner IS NOT NULL;
-- Jobs that are not under way and of whose tries one may have ended nobody knows how. With IN, SQLite would make a table of the three
-- at every insert.
CREATE INDEX job_doubtful_by_key ON job (serial_key, id)
    WHERE (status = 'uncertain' OR status = 'retrying' OR status = 'cancelled') AND serial_key IS NOT NULL;
CREATE INDEX job_by_reference ON job (reference) WHERE reference IS NOT NULL;
CREATE INDEX job_leased ON job (lease_until) WHERE lease_owner IS NOT NULL;
CREATE INDEX job_by_status ON job (status, kind, id);
CREATE INDEX job_by_origin ON job (origin) WHERE origin IS NOT NULL AND origin <> 'action';
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

-- Every try of a job, written down before it is made. Without verdict: under way, or whoever made it died.
CREATE TABLE job_attempt (
    job_id TEXT NOT NULL REFERENCES job (id),
    n INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    owner TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    http_status INTEGER,
    errcode INTEGER,
    errmsg TEXT,
    -- The beginning of what the other side answered, sealed by the application.
    answer BLOB,
    verdict TEXT,
    PRIMARY KEY (job_id, n)
) STRICT, WITHOUT ROWID;

-- Jobs of this account and kind wait: WeChat's quota is used up, the secret is wrong, the host cannot be reached.
CREATE TABLE job_hold (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    errcode INTEGER,
    -- Then one job may try.
    until_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (account, kind)
) STRICT, WITHOUT ROWID;

-- Where callbacks are sent on to.
CREATE TABLE webhook_endpoint (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Sealed by the application: addresses may carry credentials.
    url BLOB NOT NULL,
    -- Only events of this appid.
    account TEXT,
    -- JSON: a list of event types, '*' at the end of one matches the rest; empty: all.
    events TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    synchronous INTEGER NOT NULL CHECK (synchronous IN (0, 1)),
    -- Why it was switched off by the service.
    disabled_reason TEXT,
    -- Sealed by the application.
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until INTEGER,
    -- Since when every delivery has failed.
    failing_since INTEGER,
    last_success_at INTEGER,
    last_failure_at INTEGER,
    last_error TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
