//! `GET /_emulator`: the list of control calls.

use serde_json::{Value, json};

use super::answer::{Answer, json_of};

/// Every control call. The README shows an example of each.
const CALLS: &[(&str, &str, &str)] = &[
    ("GET", "/_emulator/state", "everything, for people and tests"),
    ("POST", "/_emulator/reset", "begin again"),
    ("POST", "/_emulator/snapshot", "keep the state"),
    ("POST", "/_emulator/restore", "bring a state back"),
    ("GET", "/_emulator/settings", "timing constants and disputed facts"),
    ("POST", "/_emulator/settings", "change some"),
    ("GET", "/_emulator/accounts", "all accounts"),
    ("POST", "/_emulator/accounts", "create or replace one"),
    ("GET", "/_emulator/accounts/{name}", "one account"),
    ("DELETE", "/_emulator/accounts/{name}", "remove one"),
    ("POST", "/_emulator/accounts/{name}/callback", "set where its callbacks go"),
    ("POST", "/_emulator/accounts/{name}/verify", "ask its callback address for the echostr"),
    ("GET", "/_emulator/accounts/{name}/menu", "the menu a person sees"),
    ("GET", "/_emulator/callback-kinds", "every message and event that can be pushed"),
    ("GET", "/_emulator/deliveries", "what was pushed, and what became of it"),
    ("GET", "/_emulator/personas", "all people"),
    ("POST", "/_emulator/personas", "add or change one"),
    ("GET", "/_emulator/personas/{id}", "one person"),
    ("POST", "/_emulator/personas/{id}/codes", "a fresh code"),
    ("POST", "/_emulator/personas/{id}/follow", "follow an official account"),
    ("POST", "/_emulator/personas/{id}/unfollow", "stop following"),
    ("GET", "/_emulator/personas/{id}/messages", "what the person received"),
    ("POST", "/_emulator/personas/{id}/messages", "send a message to an account"),
    ("POST", "/_emulator/personas/{id}/events", "cause an event of any name"),
    ("POST", "/_emulator/personas/{id}/scan", "scan a QR code with a scene"),
    ("POST", "/_emulator/personas/{id}/password", "change the password: user tokens die"),
    ("POST", "/_emulator/personas/{id}/subscriptions", "agree to notifications, or not"),
    ("POST", "/_emulator/personas/{id}/subscription-requests", "a mini program asks to be agreed to"),
    ("GET", "/_emulator/personas/{id}/subscription-settings", "kept answers and agreements left"),
    ("POST", "/_emulator/personas/{id}/subscription-settings", "change them"),
    ("POST", "/_emulator/personas/{id}/staff", "accept or refuse a place in customer service, come and go"),
    ("POST", "/_emulator/personas/{id}/open-data", "encryptedData of a mini program"),
    ("POST", "/_emulator/personas/{id}/payments", "a payment"),
    ("GET", "/_emulator/templates", "templates of an account"),
    ("POST", "/_emulator/templates", "give an account a template"),
    ("GET", "/_emulator/certificates", "what answers of API security are signed with"),
    ("GET", "/_emulator/ledger", "every API call and page visit"),
    ("GET", "/_emulator/quotas", "counters of an account"),
    ("POST", "/_emulator/quotas", "set limits or counts"),
    ("GET", "/_emulator/faults", "pending failures"),
    ("POST", "/_emulator/faults", "inject one"),
    ("DELETE", "/_emulator/faults", "remove all"),
    ("DELETE", "/_emulator/faults/{id}", "remove one"),
    ("GET", "/_emulator/clock", "emulated time"),
    ("POST", "/_emulator/clock", "move, set, freeze it"),
    ("POST", "/_emulator/tokens/steal", "another program fetches a token"),
    ("POST", "/_emulator/login-pages/{uuid}/scan", "a phone scans a QR login page"),
    ("POST", "/_emulator/login-pages/{uuid}/decide", "the person on the phone decides"),
    ("POST", "/_emulator/jssdk/verify", "check a JS-SDK signature"),
    ("GET", "/_emulator/shares", "share cards pages have set"),
    ("POST", "/_emulator/shares", "set one, as the emulated script does"),
    ("GET", "/_emulator/errcodes", "what WeChat's numbers mean"),
    ("GET", "/_emulator/events", "live feed, server-sent events"),
];

/// The list as JSON.
pub(crate) async fn show() -> Answer {
    let calls: Vec<Value> =
        CALLS.iter().map(|(method, path, does)| json!({ "method": method, "path": path, "does": does })).collect();
    json_of(&calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_documents_every_call() {
        let readme = include_str!("../../README.md");
        for (method, path, _) in CALLS {
            assert!(readme.contains(&format!("`{method} {path}`")), "{method} {path}");
        }
    }

    #[test]
    fn every_route_is_listed() {
        let routes = include_str!("mod.rs").matches(".route(\"/").count();
        let mut paths: Vec<&str> = CALLS.iter().map(|(_, path, _)| *path).collect();
        paths.sort_unstable();
        paths.dedup();
        // The list itself is the one route not in the list.
        assert_eq!(routes, paths.len() + 1);
    }
}
