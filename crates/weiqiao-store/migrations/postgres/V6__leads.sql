-- Text compares by bytes (COLLATE "C"), as it does in SQLite.
-- Leads in the hands of staff: who has which, what was agreed with the customer.

-- What staff note about the customer, sealed for the row phone_index names; NULL: nothing beyond remarks.
ALTER TABLE lead ADD COLUMN note BYTEA;
-- Counts the changes of staff.
ALTER TABLE lead ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- When somebody followed up last, and when that is to be done next.
ALTER TABLE lead ADD COLUMN followed_at BIGINT;
ALTER TABLE lead ADD COLUMN next_at BIGINT;
CREATE INDEX customer_action_by_lead ON customer_action (lead_id, id) WHERE lead_id IS NOT NULL;

-- What staff did about a lead with its customer.
CREATE TABLE follow_up (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lead_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    -- How: call, wechat …
    kind TEXT COLLATE "C" NOT NULL,
    -- What was said, sealed; NULL: forgotten.
    text BYTEA,
    -- When to go on.
    next_at BIGINT,
    -- Who did it: staff or key, and which.
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX follow_up_by_lead ON follow_up (lead_id, created_at, id);

-- What happened to a lead: whose it was and whose it became, which fields changed. Nothing personal.
CREATE TABLE lead_history (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lead_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('assigned', 'claimed', 'released', 'changed')),
    -- Who did it: staff or key, and which.
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    from_advisor TEXT COLLATE "C",
    to_advisor TEXT COLLATE "C",
    -- Which fields changed, as JSON; of names and notes only that they did.
    detail TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX lead_history_by_lead ON lead_history (lead_id, created_at, id);
