-- Leads in the hands of staff: who has which, what was agreed with the customer.

-- What staff note about the customer, sealed for the row phone_index names; NULL: nothing beyond remarks.
ALTER TABLE lead ADD COLUMN note BLOB;
-- Counts the changes of staff.
ALTER TABLE lead ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- When somebody followed up last, and when that is to be done next.
ALTER TABLE lead ADD COLUMN followed_at INTEGER;
ALTER TABLE lead ADD COLUMN next_at INTEGER;
CREATE INDEX customer_action_by_lead ON customer_action (lead_id, id) WHERE lead_id IS NOT NULL;

-- What staff did about a lead with its customer.
CREATE TABLE follow_up (
    id TEXT NOT NULL PRIMARY KEY,
    lead_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    -- How: call, wechat …
    kind TEXT NOT NULL,
    -- What was said, sealed; NULL: forgotten.
    text BLOB,
    -- When to go on.
    next_at INTEGER,
    -- Who did it: staff or key, and which.
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX follow_up_by_lead ON follow_up (lead_id, created_at, id);

-- What happened to a lead: whose it was and whose it became, which fields changed. Nothing personal.
CREATE TABLE lead_history (
    id TEXT NOT NULL PRIMARY KEY,
    lead_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('assigned', 'claimed', 'released', 'changed')),
    -- Who did it: staff or key, and which.
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    from_advisor TEXT,
    to_advisor TEXT,
    -- Which fields changed, as JSON; of names and notes only that they did.
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lead_history_by_lead ON lead_history (lead_id, created_at, id);
