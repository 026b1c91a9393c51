-- Text compares by bytes (COLLATE "C"), as it does in SQLite.
-- Customers of a mini program: advisors and what they subscribed to, what customers did, the leads that came of it.

-- Whom customers may be sent to.
CREATE TABLE advisor (
    app_id TEXT COLLATE "C" NOT NULL,
    -- The client's name for them.
    id TEXT COLLATE "C" NOT NULL,
    -- Blind index of the openid that may subscribe for them; NULL: whoever does first.
    openid_index TEXT COLLATE "C",
    -- Who made them known: staff or self.
    source TEXT COLLATE "C" NOT NULL CHECK (source IN ('staff', 'self')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, id)
);
CREATE INDEX advisor_by_age ON advisor (created_at, id);

-- Leave to send somebody messages of a template, one row per advisor, openid and template.
CREATE TABLE subscription (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    advisor_id TEXT COLLATE "C" NOT NULL,
    template_id TEXT COLLATE "C" NOT NULL,
    -- Blind index, and the openid sealed by the application.
    openid_index TEXT COLLATE "C" NOT NULL,
    openid BYTEA NOT NULL,
    subscribed BIGINT NOT NULL CHECK (subscribed IN (0, 1)),
    -- WeChat said that there is no leave left, and nobody has subscribed since.
    spent BIGINT NOT NULL CHECK (spent IN (0, 1)),
    -- How often it was given anew.
    renewals BIGINT NOT NULL,
    -- Messages it is good for, as counted by calls and by events, and how many were sent.
    given_by_calls BIGINT NOT NULL,
    given_by_events BIGINT NOT NULL,
    used BIGINT NOT NULL,
    -- What the client wants kept with it, sealed.
    data BYTEA,
    subscribed_at BIGINT,
    unsubscribed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscription_by_key ON subscription (app_id, advisor_id, openid_index, template_id);
CREATE INDEX subscription_by_person ON subscription (app_id, openid_index, template_id);
CREATE INDEX subscription_by_age ON subscription (created_at, id);

-- One lead per phone.
CREATE TABLE lead (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    -- CUS and digits.
    number TEXT COLLATE "C" NOT NULL,
    -- Blind index of the phone; phone, name and openid are sealed by the application, for the row phone_index names.
    phone_index TEXT COLLATE "C" NOT NULL,
    phone BYTEA NOT NULL,
    name BYTEA NOT NULL,
    openid_index TEXT COLLATE "C",
    openid BYTEA,
    source TEXT COLLATE "C" NOT NULL,
    contract_status TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    -- How it came about, sealed like the name.
    remarks BYTEA NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    assigned_to TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX lead_by_phone ON lead (phone_index);
CREATE UNIQUE INDEX lead_by_number ON lead (number);

-- What a customer did.
CREATE TABLE customer_action (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_id TEXT COLLATE "C" NOT NULL,
    advisor_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- Blind index of the customer's openid.
    customer_index TEXT COLLATE "C",
    -- Everything else that was sent or seen, sealed; NULL: forgotten.
    detail BYTEA,
    lead_id TEXT COLLATE "C",
    -- Whether the lead was made by this action.
    lead_created BIGINT NOT NULL,
    notified BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
-- The index of a person is of one mini program: it needs no appid beside it.
CREATE INDEX customer_action_by_customer ON customer_action (customer_index) WHERE customer_index IS NOT NULL;

-- A request that must not be done twice, by hashes of its key and of what it says. What its caller was told is sealed, and goes
-- with the person it is about.
CREATE TABLE idempotency (
    key_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    request_hash TEXT COLLATE "C" NOT NULL,
    result_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C",
    who TEXT COLLATE "C",
    answer BYTEA,
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE INDEX idempotency_by_person ON idempotency (app_id, who) WHERE who IS NOT NULL;

-- What an action owes somebody: a row and a job of the action's own id.
CREATE TABLE notification (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    subscription_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    advisor_id TEXT COLLATE "C" NOT NULL,
    template_id TEXT COLLATE "C" NOT NULL,
    openid_index TEXT COLLATE "C" NOT NULL,
    -- Whether it was taken from the subscription.
    counted BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
