-- Messages that are sent on request, and what may be done only so often in a day.

-- A message sent on request is a notification that no action owes: it has an id of its own, advisor_id is empty, and these are set.
-- Who asked: the id of a key or of a member of staff.
ALTER TABLE notification ADD COLUMN sender TEXT;
-- Whom to and what, sealed by the application; NULL: forgotten.
ALTER TABLE notification ADD COLUMN openid BLOB;
ALTER TABLE notification ADD COLUMN content BLOB;
-- What whoever asked was told in the end, sealed.
ALTER TABLE notification ADD COLUMN answer BLOB;
-- The message of the same request that was sent instead: this one is never sent again.
ALTER TABLE notification ADD COLUMN replaced_by TEXT;
CREATE INDEX notification_by_person ON notification (app_id, openid_index) WHERE sender IS NOT NULL;

-- Messages that WeChat took without saying its number of them; the event about one has it.
CREATE INDEX job_unnumbered_by_key ON job (serial_key, id)
    WHERE status = 'sent' AND reference IS NULL AND kind = 'subscribe_message' AND serial_key IS NOT NULL;

-- How often something was done on a day.
CREATE TABLE spending (
    app_id TEXT NOT NULL,
    -- What is counted: message, message_key, phone, phone_person.
    what TEXT NOT NULL,
    -- For whom: our id of them, empty for everybody together.
    who TEXT NOT NULL,
    -- Days since 1970, as China counts them.
    day INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (app_id, what, who, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX spending_by_day ON spending (day);

-- Numbers in WeChat's events about messages that arrived, as long as the answer to one that is under way to the same person may
-- bring the same number.
CREATE TABLE arrival (
    app_id TEXT NOT NULL,
    openid_index TEXT NOT NULL,
    template_id TEXT NOT NULL,
    msgid TEXT NOT NULL,
    -- When WeChat says it arrived.
    happened_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, openid_index, template_id, msgid)
) STRICT, WITHOUT ROWID;
