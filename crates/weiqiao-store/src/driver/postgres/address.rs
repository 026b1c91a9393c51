//! The address of the server, and how it asks for encryption.
//!
//! The driver knows only part of what people write in Postgres addresses: `sslmode` up to `require`, no `sslrootcert`.
//! Both are taken out here, the rest is the driver's.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::StoreError;

/// A parsed address.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) encryption: Encryption,
}

/// What the connection is protected by.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Nothing.
    None,
    /// TLS, with certificate and host name verified; needed or only tried, as the driver's `ssl_mode` says.
    Verified {
        /// The only authority to trust, a PEM file; `None`: what the system trusts.
        authority: Option<PathBuf>,
    },
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let (rest, options) = if url.contains("://") { split_url(url) } else { split_words(url) };
        let mut mode = None;
        let mut authority = None;
        for (name, value) in options {
            match name {
                "sslmode" => mode = Some(value),
                _ => authority = Some(value),
            }
        }
        // The driver's own text may repeat the address, and the address contains the password.
        let mut config: Config = rest.parse().map_err(|_| {
            StoreError::config(
                "the address of the database cannot be read: write postgres://user:password@host:port/database, with \
                 special characters in the password percent-encoded",
            )
        })?;
        let ssl_mode = match mode.as_deref() {
            Some("disable") => SslMode::Disable,
            // Nobody listens between a process and its own machine, and local servers rarely have a real certificate.
            None | Some("prefer" | "allow") if is_local(&config) => SslMode::Disable,
            None | Some("prefer" | "allow") => SslMode::Prefer,
            Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(other) => {
                return Err(StoreError::config(format!(
                    "sslmode={other}: use disable, prefer, require, verify-ca or verify-full"
                )));
            }
        };
        config.ssl_mode(ssl_mode);
        let encryption = match ssl_mode {
            SslMode::Disable => Encryption::None,
            _ => Encryption::Verified {
                authority: authority.filter(|authority| authority != "system").map(PathBuf::from),
            },
        };
        Ok(Self { config, encryption })
    }
}

/// Whether every host is this machine: a socket file, or a loopback address.
fn is_local(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    let hosts = config.get_hosts();
    let local_name = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    };
    hosts.iter().all(local_name) && addresses.iter().all(std::net::IpAddr::is_loopback)
}

type Options<'a> = Vec<(&'a str, String)>;

fn is_ours(name: &str) -> bool {
    matches!(name, "sslmode" | "sslrootcert")
}

/// `postgres://…?a=b&sslmode=require` → the address without our options, and them.
fn split_url(url: &str) -> (String, Options<'_>) {
    let Some((address, query)) = url.split_once('?') else { return (url.to_owned(), Vec::new()) };
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some((name, value)) if is_ours(name) => {
                ours.push((name, percent_decode_str(value).decode_utf8_lossy().into_owned()));
            }
            _ => theirs.push(pair),
        }
    }
    if theirs.is_empty() { (address.to_owned(), ours) } else { (format!("{address}?{}", theirs.join("&")), ours) }
}

/// `host=db sslmode=require` → the words without our options, and them.
fn split_words(words: &str) -> (String, Options<'_>) {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for word in words.split_whitespace() {
        match word.split_once('=') {
            Some((name, value)) if is_ours(name) => ours.push((name, value.trim_matches('\'').to_owned())),
            _ => theirs.push(word),
        }
    }
    (theirs.join(" "), ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> (SslMode, Encryption) {
        let address = Address::parse(url).unwrap();
        (address.config.get_ssl_mode(), address.encryption)
    }

    #[test]
    fn encryption_is_verified_or_absent() {
        let system = Encryption::Verified { authority: None };
        for (url, mode, encryption) in [
            ("postgres://u:p@db.example.com/x", SslMode::Prefer, &system),
            ("postgres://u:p@db.example.com/x?sslmode=disable", SslMode::Disable, &Encryption::None),
            ("postgres://u:p@127.0.0.1:5433/x", SslMode::Disable, &Encryption::None),
            ("postgres://u:p@localhost/x?sslmode=prefer", SslMode::Disable, &Encryption::None),
            ("postgres://u:p@localhost/x?sslmode=require", SslMode::Require, &system),
            ("postgres://u@db/x?connect_timeout=4&sslmode=verify-full", SslMode::Require, &system),
            ("postgres:///x?host=/run/postgresql", SslMode::Disable, &Encryption::None),
            ("host=db user=u sslmode=verify-ca dbname=x", SslMode::Require, &system),
            ("postgres://u@db/x?sslmode=require&sslrootcert=system", SslMode::Require, &system),
        ] {
            let (found, protected) = parse(url);
            assert_eq!(found, mode, "{url}");
            assert_eq!(&protected, encryption, "{url}");
        }
        let (_, protected) = parse("postgres://u@db/x?sslrootcert=%2Fetc%2Four%20ca.pem&sslmode=require");
        assert_eq!(protected, Encryption::Verified { authority: Some("/etc/our ca.pem".into()) });
    }

    #[test]
    fn the_rest_of_the_address_is_kept() {
        let config =
            Address::parse("postgres://u:p%40ss@db:5433/x?sslmode=require&application_name=me").unwrap().config;
        assert_eq!(config.get_password(), Some("p@ss".as_bytes()));
        assert_eq!(config.get_ports(), [5433]);
        assert_eq!(config.get_application_name(), Some("me"));
    }

    #[test]
    fn a_wrong_address_is_refused_without_its_password() {
        for wrong in
            ["postgres://u:hunter2@db:port/x", "postgres:/u:hunter2@db/x?a=b", "postgres://u:hunter2@db/x?sslmode=on"]
        {
            let Err(refusal) = Address::parse(wrong) else { panic!("{wrong} was accepted") };
            assert!(!refusal.to_string().contains("hunter2"), "{refusal}");
        }
    }
}
