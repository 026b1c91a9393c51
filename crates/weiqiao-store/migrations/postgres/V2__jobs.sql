-- Work to be done later, and the webhook endpoints it is done for.
-- Text compares by bytes (COLLATE "C"), as it does in SQLite.

-- One piece of work. next_at is set while somebody may take it up, lease_owner while somebody does, finished_at when it is over.
CREATE TABLE job (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- Whose rate and slots it shares: an appid, the id of a webhook endpoint, or '-'.
    account TEXT COLLATE "C" NOT NULL,
    -- Jobs of one key run one after another.
    serial_key TEXT COLLATE "C",
    -- What made it necessary: inbox:<id>, or 'action', which has the same id.
    origin TEXT COLLATE "C",
    -- Sealed by the application.
    payload BYTEA NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    -- Attempts that were started, and those of them that count for the schedule.
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT,
    expires_at BIGINT NOT NULL,
    lease_owner TEXT COLLATE "C",
    lease_until BIGINT NOT NULL,
    -- The number of the newest lease; only its holder may write a result.
    fence BIGINT NOT NULL,
    last_errcode BIGINT,
    last_error TEXT COLLATE "C",
    -- What the other side called it, such as a msgid.
    reference TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT
);
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
    job_id TEXT COLLATE "C" NOT NULL REFERENCES job (id),
    n BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    http_status BIGINT,
    errcode BIGINT,
    errmsg TEXT COLLATE "C",
    -- The beginning of what the other side answered, sealed by the application.
    answer BYTEA,
    verdict TEXT COLLATE "C",
    PRIMARY KEY (job_id, n)
);

-- Jobs of this account and kind wait: WeChat's quota is used up, the secret is wrong, the host cannot be reached.
CREATE TABLE job_hold (
    account TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    errcode BIGINT,
    -- Then one job may try.
    until_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (account, kind)
);

-- Where callbacks are sent on to.
CREATE TABLE webhook_endpoint (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- Sealed by the application: addresses may carry credentials.
    url BYTEA NOT NULL,
    -- Only events of this appid.
    account TEXT COLLATE "C",
    -- JSON: a list of event types, '*' at the end of one matches the rest; empty: all.
    events TEXT COLLATE "C" NOT NULL,
    enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    synchronous BIGINT NOT NULL CHECK (synchronous IN (0, 1)),
    -- Why it was switched off by the service.
    disabled_reason TEXT COLLATE "C",
    -- Sealed by the application.
    secret BYTEA NOT NULL,
    previous_secret BYTEA,
    previous_until BIGINT,
    -- Since when every delivery has failed.
    failing_since BIGINT,
    last_success_at BIGINT,
    last_failure_at BIGINT,
    last_error TEXT COLLATE "C",
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
