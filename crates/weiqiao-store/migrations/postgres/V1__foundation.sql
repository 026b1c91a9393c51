-- Text compares by bytes (COLLATE "C"), as it does in SQLite.
-- First schema: people and their logins, account tokens, staff, API keys. Never edit a migration: add the next one, in both folders.

-- Small values of this database, such as its data keys, wrapped by the master key.
CREATE TABLE setting (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- People, across the accounts of one open-platform group.
CREATE TABLE person (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- The person this one turned out to be.
    merged_into TEXT COLLATE "C" REFERENCES person (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX person_by_merge ON person (merged_into) WHERE merged_into IS NOT NULL;

-- People as one WeChat account sees them. Nothing about them is in clear: they are found by blind indexes.
CREATE TABLE identity (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    app_id TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    -- Blind indexes; that of the unionid belongs to the open-platform group.
    openid_index TEXT COLLATE "C" NOT NULL,
    unionid_index TEXT COLLATE "C",
    -- Sealed by the application for the row openid_index names: ids, and the profile together with both of them; NULL:
    -- never read, or forgotten.
    openid BYTEA NOT NULL,
    unionid BYTEA,
    profile BYTEA,
    -- The unionid_index of the unionid that is in the profile.
    profile_unionid TEXT COLLATE "C",
    scope TEXT COLLATE "C" NOT NULL,
    -- When the profile was read; NULL: never.
    profile_at BIGINT,
    login_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_by_openid ON identity (app_id, openid_index);
CREATE INDEX identity_by_unionid ON identity (unionid_index) WHERE unionid_index IS NOT NULL;
CREATE INDEX identity_by_user ON identity (user_id);
CREATE INDEX identity_by_login ON identity (login_at, id);
CREATE INDEX identity_by_age ON identity (created_at, id);

-- Whose unionid it is, within one open-platform group: by blind index.
CREATE TABLE union_link (
    link_group TEXT COLLATE "C" NOT NULL,
    unionid_index TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (link_group, unionid_index)
);
CREATE INDEX union_link_by_user ON union_link (user_id);

-- Logins that last, of people and of staff.
CREATE TABLE session (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('user', 'staff')),
    -- The id of a person or of a member of staff.
    subject TEXT COLLATE "C" NOT NULL,
    identity_id TEXT COLLATE "C" REFERENCES identity (id),
    account TEXT COLLATE "C",
    device_hash TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX session_of_staff ON session (subject) WHERE kind = 'staff';
CREATE INDEX session_by_expiry ON session (expires_at);

-- The OAuth tokens of people; the token columns are sealed by the application.
CREATE TABLE oauth_token (
    identity_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES identity (id),
    scope TEXT COLLATE "C" NOT NULL,
    access BYTEA NOT NULL,
    refresh BYTEA NOT NULL,
    expires_in BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    refresh_expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    login_again BIGINT NOT NULL CHECK (login_again IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The mini program's session keys, sealed by the application.
CREATE TABLE session_key (
    identity_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES identity (id),
    sealed BYTEA NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX session_key_by_age ON session_key (updated_at);

-- Login codes that were seen, as keyed hashes.
CREATE TABLE code_seen (
    code_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    browser_hash TEXT COLLATE "C",
    outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('pending', 'done', 'failed')),
    -- Sealed by the application.
    result BYTEA,
    claimed_at BIGINT NOT NULL,
    reuse_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX code_seen_by_expiry ON code_seen (expires_at);
CREATE INDEX code_seen_with_result ON code_seen (reuse_until) WHERE result IS NOT NULL;

-- Logins under way, as hashes of their states.
CREATE TABLE login_state (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    flow TEXT COLLATE "C" NOT NULL,
    cookie_hash TEXT COLLATE "C" NOT NULL,
    -- Where the person goes afterwards, sealed by the application.
    target BYTEA NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    -- Sealed by the application.
    outcome BYTEA
);
CREATE INDEX login_state_by_browser ON login_state (cookie_hash, issued_at) WHERE taken_at IS NULL;
CREATE INDEX login_state_by_expiry ON login_state (expires_at);

-- The newest access token or ticket of each account, sealed by the application; generation 0: none yet.
CREATE TABLE account_token (
    app_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    sealed BYTEA,
    expires_at BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    fetch_count BIGINT NOT NULL,
    replaced_outside BIGINT NOT NULL,
    -- The number of the newest lease to fetch; only its holder may store.
    fence BIGINT NOT NULL,
    lease_owner TEXT COLLATE "C",
    lease_until BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    rejections BIGINT NOT NULL,
    rejected_generation BIGINT NOT NULL,
    -- The newest that WeChat was found to refuse before its time.
    dead_generation BIGINT NOT NULL,
    -- No fetch before this.
    retry_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, kind)
);

-- Members of staff.
CREATE TABLE staff (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    -- Sealed by the application, as are the next two; NULL: not known.
    name BYTEA NOT NULL,
    phone BYTEA,
    email BYTEA,
    avatar TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    -- JSON: a list of texts.
    permissions TEXT COLLATE "C" NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX staff_by_username ON staff (username);

-- Keys for server-to-server calls; only hashes.
CREATE TABLE api_key (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    -- JSON: a list of texts.
    scopes TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_key_by_prefix ON api_key (prefix);
