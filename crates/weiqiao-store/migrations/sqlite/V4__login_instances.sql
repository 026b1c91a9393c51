-- Named login instances: what is kept about people who logged in through one, and logins handed from a computer to a phone.

-- WechatPublicAuthModel: one row per appid and openid. Every blob is sealed by the application.
CREATE TABLE auth_record (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    -- The instance of the last login.
    instance TEXT NOT NULL,
    -- Blind indexes.
    openid_index TEXT NOT NULL,
    unionid_index TEXT,
    refresh_index TEXT NOT NULL,
    openid BLOB NOT NULL,
    unionid BLOB,
    -- Nickname, portrait, sex, places; NULL: never read.
    profile BLOB,
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
CREATE UNIQUE INDEX auth_record_by_openid ON auth_record (app_id, openid_index);
CREATE INDEX auth_record_by_refresh ON auth_record (app_id, refresh_index);

-- Logins that began on a computer and are confirmed on a phone, by the hash of the ticket in the QR code.
CREATE TABLE login_handover (
    hash TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    instance TEXT NOT NULL,
    -- The computer's browser.
    cookie_hash TEXT NOT NULL,
    target TEXT NOT NULL,
    -- What the phone is shown about the computer; sealed by the application.
    about BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'scanned', 'confirmed', 'declined')),
    -- The phone's session once it confirmed, and the computer's once it took over.
    phone_session TEXT,
    session_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER
) STRICT;
CREATE INDEX login_handover_by_browser ON login_handover (cookie_hash, created_at) WHERE taken_at IS NULL;
CREATE INDEX login_handover_by_expiry ON login_handover (expires_at);
