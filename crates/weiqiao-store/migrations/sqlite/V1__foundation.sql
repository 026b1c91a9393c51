-- First schema: people and their logins, account tokens, staff, API keys. Never edit a migration: add the next one, in both folders.

-- Small values of this database, such as its data keys, wrapped by the master key.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- People, across the accounts of one open-platform group.
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    -- The person this one turned out to be.
    merged_into TEXT REFERENCES person (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_merge ON person (merged_into) WHERE merged_into IS NOT NULL;

-- People as one WeChat account sees them. Nothing about them is in clear: they are found by blind indexes.
CREATE TABLE identity (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES person (id),
    app_id TEXT NOT NULL,
    account TEXT NOT NULL,
    -- Blind indexes; that of the unionid belongs to the open-platform group.
    openid_index TEXT NOT NULL,
    unionid_index TEXT,
    -- Sealed by the application for the row openid_index names: ids, and the profile together with both of them; NULL:
    -- never read, or forgotten.
    openid BLOB NOT NULL,
    unionid BLOB,
    profile BLOB,
    -- The unionid_index of the unionid that is in the profile.
    profile_unionid TEXT,
    scope TEXT NOT NULL,
    -- When the profile was read; NULL: never.
    profile_at INTEGER,
    login_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identity_by_openid ON identity (app_id, openid_index);
CREATE INDEX identity_by_unionid ON identity (unionid_index) WHERE unionid_index IS NOT NULL;
CREATE INDEX identity_by_user ON identity (user_id);
CREATE INDEX identity_by_login ON identity (login_at, id);
CREATE INDEX identity_by_age ON identity (created_at, id);

-- Whose unionid it is, within one open-platform group: by blind index.
CREATE TABLE union_link (
    link_group TEXT NOT NULL,
    unionid_index TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (link_group, unionid_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX union_link_by_user ON union_link (user_id);

-- Logins that last, of people and of staff.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'staff')),
    -- The id of a person or of a member of staff.
    subject TEXT NOT NULL,
    identity_id TEXT REFERENCES identity (id),
    account TEXT,
    device_hash TEXT,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_staff ON session (subject) WHERE kind = 'staff';
CREATE INDEX session_by_expiry ON session (expires_at);

-- The OAuth tokens of people; the token columns are sealed by the application.
CREATE TABLE oauth_token (
    identity_id TEXT NOT NULL PRIMARY KEY REFERENCES identity (id),
    scope TEXT NOT NULL,
    access BLOB NOT NULL,
    refresh BLOB NOT NULL,
    expires_in INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    refresh_expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    login_again INTEGER NOT NULL CHECK (login_again IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- The mini program's session keys, sealed by the application.
CREATE TABLE session_key (
    identity_id TEXT NOT NULL PRIMARY KEY REFERENCES identity (id),
    sealed BLOB NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_key_by_age ON session_key (updated_at);

-- Login codes that were seen, as keyed hashes.
CREATE TABLE code_seen (
    code_hash TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    browser_hash TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('pending', 'done', 'failed')),
    -- Sealed by the application.
    result BLOB,
    claimed_at INTEGER NOT NULL,
    reuse_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX code_seen_by_expiry ON code_seen (expires_at);
CREATE INDEX code_seen_with_result ON code_seen (reuse_until) WHERE result IS NOT NULL;

-- Logins under way, as hashes of their states.
CREATE TABLE login_state (
    hash TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    account TEXT NOT NULL,
    flow TEXT NOT NULL,
    cookie_hash TEXT NOT NULL,
    -- Where the person goes afterwards, sealed by the application.
    target BLOB NOT NULL,
    scope TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    -- Sealed by the application.
    outcome BLOB
) STRICT;
CREATE INDEX login_state_by_browser ON login_state (cookie_hash, issued_at) WHERE taken_at IS NULL;
CREATE INDEX login_state_by_expiry ON login_state (expires_at);

-- The newest access token or ticket of each account, sealed by the application; generation 0: none yet.
CREATE TABLE account_token (
    app_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    generation INTEGER NOT NULL,
    sealed BLOB,
    expires_at INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    fetch_count INTEGER NOT NULL,
    replaced_outside INTEGER NOT NULL,
    -- The number of the newest lease to fetch; only its holder may store.
    fence INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    rejections INTEGER NOT NULL,
    rejected_generation INTEGER NOT NULL,
    -- The newest that WeChat was found to refuse before its time.
    dead_generation INTEGER NOT NULL,
    -- No fetch before this.
    retry_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, kind)
) STRICT;

-- Members of staff.
CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- Sealed by the application, as are the next two; NULL: not known.
    name BLOB NOT NULL,
    phone BLOB,
    email BLOB,
    avatar TEXT NOT NULL,
    role TEXT NOT NULL,
    department TEXT NOT NULL,
    -- JSON: a list of texts.
    permissions TEXT NOT NULL,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX staff_by_username ON staff (username);

-- Keys for server-to-server calls; only hashes.
CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL,
    -- JSON: a list of texts.
    scopes TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_key_by_prefix ON api_key (prefix);
