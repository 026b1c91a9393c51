-- Named login instances: what is kept about people who logged in through one, and logins handed from a computer to a phone.

-- WechatPublicAuthModel: one row per appid and openid. Every blob is sealed by the application.
CREATE TABLE auth_record (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    -- The instance of the last login.
    instance TEXT COLLATE "C" NOT NULL,
    -- Blind indexes.
    openid_index TEXT COLLATE "C" NOT NULL,
    unionid_index TEXT COLLATE "C",
    refresh_index TEXT COLLATE "C" NOT NULL,
    openid BYTEA NOT NULL,
    unionid BYTEA,
    -- Nickname, portrait, sex, places; NULL: never read.
    profile BYTEA,
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
CREATE UNIQUE INDEX auth_record_by_openid ON auth_record (app_id, openid_index);
CREATE INDEX auth_record_by_refresh ON auth_record (app_id, refresh_index);

-- Logins that began on a computer and are confirmed on a phone, by the hash of the ticket in the QR code.
CREATE TABLE login_handover (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    instance TEXT COLLATE "C" NOT NULL,
    -- The computer's browser.
    cookie_hash TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    -- What the phone is shown about the computer; sealed by the application.
    about BYTEA NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('waiting', 'scanned', 'confirmed', 'declined')),
    -- The phone's session once it confirmed, and the computer's once it took over.
    phone_session TEXT COLLATE "C",
    session_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT
);
CREATE INDEX login_handover_by_browser ON login_handover (cookie_hash, created_at) WHERE taken_at IS NULL;
CREATE INDEX login_handover_by_expiry ON login_handover (expires_at);
