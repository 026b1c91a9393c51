//! The stable words of [`AppError::code`](super::AppError::code). Adding one is free, changing one breaks clients.

/// Each word as a constant of its own name, and all of them.
macro_rules! words {
    ($($(#[$what:meta])* $word:ident,)*) => {
        $($(#[$what])* pub const $word: &str = stringify!($word);)*

        /// All of them, for whoever has something to say about each.
        pub const ALL: &[&str] = &[$($word,)*];
    };
}

words! {
    /// A field is missing, empty or of the wrong shape.
    VALIDATION_FAILED,
    /// No valid credential.
    UNAUTHORIZED,
    /// The credential is not allowed to do this.
    FORBIDDEN,
    /// The API key lacks the scope.
    SCOPE_MISSING,
    /// No account of that name or kind is configured.
    ACCOUNT_UNKNOWN,
    /// No login instance of that name is configured.
    LOGIN_INSTANCE_UNKNOWN,
    /// Nothing is kept about this person: they never logged in through the instance.
    AUTH_RECORD_UNKNOWN,
    /// WeChat no longer renews what the person granted: they have to log in again.
    LOGIN_AGAIN,
    /// The QR code of a hand-over is unknown, too old, used, or another browser's.
    HANDOVER_INVALID,
    /// The page to return to is not on the allow-list.
    REDIRECT_NOT_ALLOWED,
    /// Strict mode wants a state issued by us.
    STATE_REQUIRED,
    /// The state is unknown, expired, used, or belongs to another browser, account or flow.
    STATE_INVALID,
    /// The code was already used by somebody else, or too long ago.
    CODE_ALREADY_USED,
    /// Whoever was at work on this login is gone.
    LOGIN_INTERRUPTED,
    /// WeChat refused the code of a web login.
    WECHAT_LOGIN_FAILED,
    /// WeChat refused the user info.
    GET_USER_INFO_FAILED,
    /// WeChat refused the code of a mini program.
    GET_OPENID_FAILED,
    /// WeChat refused the code of a phone-number button.
    GET_PHONE_FAILED,
    /// What a mini program had encrypted cannot be read, or was not meant for us.
    DECRYPT_FAILED,
    /// WeChat refused a subscribe message.
    SEND_MESSAGE_FAILED,
    /// The openid is not that of the session.
    OPENID_MISMATCH,
    /// Nobody knows this advisor.
    ADVISOR_UNKNOWN,
    /// The advisor is somebody else.
    ADVISOR_TAKEN,
    /// The account of this member of staff belongs to no advisor.
    NOT_AN_ADVISOR,
    /// Somebody else has the lead.
    LEAD_TAKEN,
    /// The lead is in the public pool: it has to be claimed first.
    LEAD_IN_POOL,
    /// The idempotency key was used for another request.
    IDEMPOTENCY_KEY_REUSED,
    /// The request with this idempotency key is still under way.
    IDEMPOTENCY_KEY_IN_USE,
    /// What the request with this idempotency key was told went with the person it was about.
    IDEMPOTENCY_ANSWER_FORGOTTEN,
    /// The template is not one of those that may be used.
    TEMPLATE_NOT_ALLOWED,
    /// Messages go only to people this service knows, and this is none.
    RECIPIENT_UNKNOWN,
    /// What may be done in a day was done.
    DAY_ALLOWANCE_USED_UP,
    /// WeChat showed the page as a snapshot with a made-up user.
    SNAPSHOT_USER,
    /// The page's host may not be signed for.
    JS_URL_NOT_ALLOWED,
    /// WeChat refused the token or ticket that a signature needs.
    WECHAT_API_FAILED,
    /// The menu is no longer the one the change was made for.
    MENU_CHANGED,
    /// Somebody else is changing the menu just now.
    MENU_BUSY,
    /// Unknown user name or wrong password.
    INVALID_CREDENTIALS,
    /// Nobody could administer any more.
    LAST_ADMIN,
    /// Too many failed log-ins.
    TOO_MANY_ATTEMPTS,
    /// Busy; try again shortly.
    TOO_MANY_REQUESTS,
    /// There already is one.
    ALREADY_EXISTS,
    /// There are as many as there may be.
    TOO_MANY,
    /// Somebody else changed it in between.
    CHANGED_MEANWHILE,
    /// The job is in a state that does not allow this.
    JOB_STATE,
    /// There are as many rules as there may be.
    TOO_MANY_RULES,
    /// The rule stands in the configuration file, where it has to be changed.
    RULE_OF_FILE,
    /// There is none.
    NOT_FOUND,
    /// The database is down.
    DATABASE_UNAVAILABLE,
    /// Redis is down and this cannot be done without it.
    CACHE_UNAVAILABLE,
    /// A bug or a damaged row.
    INTERNAL_ERROR,
}
