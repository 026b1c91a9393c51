-- Customers of a mini program: advisors and what they subscribed to, what customers did, the leads that came of it.

-- Whom customers may be sent to.
CREATE TABLE advisor (
    app_id TEXT NOT NULL,
    -- The client's name for them.
    id TEXT NOT NULL,
    -- Blind index of the openid that may subscribe for them; NULL: whoever does first.
    openid_index TEXT,
    -- Who made them known: staff or self.
    source TEXT NOT NULL CHECK (source IN ('staff', 'self')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX advisor_by_age ON advisor (created_at, id);

-- Leave to send somebody messages of a template, one row per advisor, openid and template.
CREATE TABLE subscription (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    advisor_id TEXT NOT NULL,
    template_id TEXT NOT NULL,
    -- Blind index, and the openid sealed by the application.
    openid_index TEXT NOT NULL,
    openid BLOB NOT NULL,
    subscribed INTEGER NOT NULL CHECK (subscribed IN (0, 1)),
    -- WeChat said that there is no leave left, and nobody has subscribed since.
    spent INTEGER NOT NULL CHECK (spent IN (0, 1)),
    -- How often it was given anew.
    renewals INTEGER NOT NULL,
    -- Messages it is good for, as counted by calls and by events, and how many were sent.
    given_by_calls INTEGER NOT NULL,
    given_by_events INTEGER NOT NULL,
    used INTEGER NOT NULL,
    -- What the client wants kept with it, sealed.
    data BLOB,
    subscribed_at INTEGER,
    unsubscribed_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX subscription_by_key ON subscription (app_id, advisor_id, openid_index, template_id);
CREATE INDEX subscription_by_person ON subscription (app_id, openid_index, template_id);
CREATE INDEX subscription_by_age ON subscription (created_at, id);

-- One lead per phone.
CREATE TABLE lead (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    -- CUS and digits.
    number TEXT NOT NULL,
    -- Blind index of the phone; phone, name and openid are sealed by the application, for the row phone_index names.
    phone_index TEXT NOT NULL,
    phone BLOB NOT NULL,
    name BLOB NOT NULL,
    openid_index TEXT,
    openid BLOB,
    source TEXT NOT NULL,
    contract_status TEXT NOT NULL,
    level TEXT NOT NULL,
    -- How it came about, sealed like the name.
    remarks BLOB NOT NULL,
    created_by TEXT NOT NULL,
    assigned_to TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX lead_by_phone ON lead (phone_index);
CREATE UNIQUE INDEX lead_by_number ON lead (number);

-- What a customer did. Large rows that are only added: with a rowid they fill page after page, without one every third is a split.
CREATE TABLE customer_action (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    advisor_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Blind index of the customer's openid.
    customer_index TEXT,
    -- Everything else that was sent or seen, sealed; NULL: forgotten.
    detail BLOB,
    lead_id TEXT,
    -- Whether the lead was made by this action.
    lead_created INTEGER NOT NULL,
    notified INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
-- The index of a person is of one mini program: it needs no appid beside it.
CREATE INDEX customer_action_by_customer ON customer_action (customer_index) WHERE customer_index IS NOT NULL;

-- A request that must not be done twice, by hashes of its key and of what it says. What its caller was told is sealed, and goes
-- with the person it is about.
CREATE TABLE idempotency (
    key_hash TEXT NOT NULL PRIMARY KEY,
    request_hash TEXT NOT NULL,
    result_id TEXT NOT NULL,
    app_id TEXT,
    who TEXT,
    answer BLOB,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE INDEX idempotency_by_person ON idempotency (app_id, who) WHERE who IS NOT NULL;

-- What an action owes somebody: a row and a job of the action's own id.
CREATE TABLE notification (
    id TEXT NOT NULL PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    advisor_id TEXT NOT NULL,
    template_id TEXT NOT NULL,
    openid_index TEXT NOT NULL,
    -- Whether it was taken from the subscription.
    counted INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
