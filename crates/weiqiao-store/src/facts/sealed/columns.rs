//! The list.

/// One sealed column. A sealed value is bound to a place: table, column, row and appid.
#[derive(Debug)]
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The column of its places; another one when values move between columns.
    pub place: &'static str,
    /// How the row of its places is made of what is stored.
    pub row: Row,
    pub(super) count: &'static str,
    pub(super) find: &'static str,
    pub(super) replace: &'static str,
}

/// How the row of a place is made of the two texts that are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The first.
    Plain,
    /// The first, up to a number sign.
    BeforeSign,
    /// The length of the first in bytes, the first and the second, with blanks between.
    Pair,
}

/// `table.column as place`: its key (two texts, `''` where one is enough), the row (two texts) and the appid of its places.
/// A sealed value has the id of its key in the second to fifth byte.
macro_rules! column {
    ($table:literal . $column:literal as $place:literal, key $k1:literal $k2:literal, row $kind:ident $r1:literal $r2:literal, app $app:literal) => {
        SealedColumn {
            table: $table,
            column: $column,
            place: $place,
            row: Row::$kind,
            count: concat!(
                "SELECT count(*) FROM ",
                $table,
                " WHERE ",
                $column,
                " IS NOT NULL AND substr(",
                $column,
                ", 2, 4) <> $1"
            ),
            find: concat!(
                "SELECT ",
                $k1,
                ", ",
                $k2,
                ", ",
                $r1,
                ", ",
                $r2,
                ", ",
                $app,
                ", ",
                $column,
                " FROM ",
                $table,
                " WHERE ",
                $column,
                " IS NOT NULL AND substr(",
                $column,
                ", 2, 4) <> $1 AND ",
                $k1,
                " >= $2 AND (",
                $k1,
                " > $2 OR ",
                $k2,
                " > $3) ORDER BY 1, 2 LIMIT $4"
            ),
            replace: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = $4 WHERE ",
                $k1,
                " = $1 AND ",
                $k2,
                " = $2 AND ",
                $column,
                " = $3"
            ),
        }
    };
}

static COLUMNS: &[SealedColumn] = &[
    column!("identity"."openid" as "openid", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("identity"."unionid" as "unionid", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("identity"."profile" as "profile", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("oauth_token"."access" as "access", key "identity_id" "''", row Plain "(SELECT openid_index FROM identity WHERE identity.id = oauth_token.identity_id)" "''", app "(SELECT app_id FROM identity WHERE identity.id = oauth_token.identity_id)"),
    column!("oauth_token"."refresh" as "refresh", key "identity_id" "''", row Plain "(SELECT openid_index FROM identity WHERE identity.id = oauth_token.identity_id)" "''", app "(SELECT app_id FROM identity WHERE identity.id = oauth_token.identity_id)"),
    column!("session_key"."sealed" as "sealed", key "identity_id" "''", row Plain "(SELECT openid_index FROM identity WHERE identity.id = session_key.identity_id)" "''", app "(SELECT app_id FROM identity WHERE identity.id = session_key.identity_id)"),
    column!("staff"."name" as "name", key "id" "''", row Plain "id" "''", app "''"),
    column!("staff"."phone" as "phone", key "id" "''", row Plain "id" "''", app "''"),
    column!("staff"."email" as "email", key "id" "''", row Plain "id" "''", app "''"),
    column!("code_seen"."result" as "result", key "code_hash" "''", row Plain "code_hash" "''", app "app_id"),
    column!("login_state"."target" as "target", key "hash" "''", row Plain "hash" "''", app "app_id"),
    column!("login_state"."outcome" as "outcome", key "hash" "''", row Plain "hash" "''", app "app_id"),
    column!("account_token"."sealed" as "sealed", key "app_id" "kind", row BeforeSign "kind" "''", app "app_id"),
    column!("job"."payload" as "payload", key "id" "''", row Plain "id" "''", app "account"),
    column!("job_attempt"."answer" as "answer", key "job_id" "CAST(n AS TEXT)", row Plain "job_id" "''", app "(SELECT account FROM job WHERE job.id = job_attempt.job_id)"),
    column!("webhook_endpoint"."url" as "url", key "id" "''", row Plain "id" "''", app "''"),
    column!("webhook_endpoint"."secret" as "secret", key "id" "''", row Plain "id" "''", app "''"),
    column!("webhook_endpoint"."previous_secret" as "secret", key "id" "''", row Plain "id" "''", app "''"),
    column!("inbox"."body" as "body", key "id" "''", row Plain "dedup_key" "''", app "app_id"),
    column!("inbox"."reply" as "reply", key "id" "''", row Plain "dedup_key" "''", app "app_id"),
    column!("follower"."openid" as "openid", key "app_id" "who", row Plain "who" "''", app "app_id"),
    column!("auth_record"."openid" as "openid", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("auth_record"."unionid" as "unionid", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("auth_record"."profile" as "profile", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("auth_record"."access" as "access", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("auth_record"."refresh" as "refresh", key "id" "''", row Plain "openid_index" "''", app "app_id"),
    column!("login_handover"."about" as "about", key "hash" "''", row Plain "hash" "''", app "app_id"),
    column!("subscription"."openid" as "openid", key "id" "''", row Pair "advisor_id" "template_id", app "app_id"),
    column!("subscription"."data" as "data", key "id" "''", row Pair "advisor_id" "template_id", app "app_id"),
    column!("lead"."phone" as "phone", key "id" "''", row Plain "phone_index" "''", app "''"),
    column!("lead"."name" as "name", key "id" "''", row Plain "phone_index" "''", app "''"),
    column!("lead"."remarks" as "remarks", key "id" "''", row Plain "phone_index" "''", app "''"),
    column!("lead"."openid" as "openid", key "id" "''", row Plain "phone_index" "''", app "''"),
    column!("lead"."note" as "note", key "id" "''", row Plain "phone_index" "''", app "''"),
    column!("customer_action"."detail" as "detail", key "id" "''", row Plain "id" "''", app "app_id"),
    column!("idempotency"."answer" as "answer", key "key_hash" "''", row Plain "key_hash" "''", app "app_id"),
    column!("follow_up"."text" as "text", key "id" "''", row Plain "id" "''", app "app_id"),
    column!("audit_head"."sealed_key" as "sealed_key", key "CAST(id AS TEXT)" "''", row Plain "'chain'" "''", app "''"),
    column!("notification"."openid" as "openid", key "id" "''", row Plain "id" "''", app "app_id"),
    column!("notification"."content" as "content", key "id" "''", row Plain "id" "''", app "app_id"),
    column!("notification"."answer" as "answer", key "id" "''", row Plain "id" "''", app "app_id"),
];

/// Every sealed column.
#[must_use]
pub fn columns() -> &'static [SealedColumn] {
    COLUMNS
}
