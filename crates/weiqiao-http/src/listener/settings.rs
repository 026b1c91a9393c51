//! The listener's figures.

use std::time::Duration;

use ipnet::IpNet;

/// Limits and waits of the public listener. [`Default`] is what production uses; tests shorten the waits.
#[derive(Debug, Clone)]
pub struct ListenerSettings {
    /// From the connection, or from the first byte of a further request, to the end of its head (10 s).
    pub head_timeout: Duration,
    /// The pause allowed between two requests on one connection (15 s).
    pub idle_timeout: Duration,
    /// From the end of the head to the end of the body (10 s).
    pub body_timeout: Duration,
    /// How long a reader may take nothing of an answer (30 s).
    pub write_stall: Duration,
    /// Largest head, and read buffer, in bytes (16 KiB).
    pub max_head_bytes: usize,
    /// Most header lines in a request (64).
    pub max_headers: usize,
    /// Most open connections (12,000).
    pub max_connections: usize,
    /// Most open connections from one address (256); loopback and `trusted_proxies` are exempt.
    pub max_connections_per_ip: usize,
    /// Networks whose machines speak for many clients.
    pub trusted_proxies: Vec<IpNet>,
    /// After the drain began, how long new connections are still taken (2 s).
    pub linger: Duration,
    /// After that, how long running requests may take to finish (12 s).
    pub grace: Duration,
}

impl Default for ListenerSettings {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(10),
            write_stall: Duration::from_secs(30),
            max_head_bytes: 16 * 1024,
            max_headers: 64,
            max_connections: 12_000,
            max_connections_per_ip: 256,
            trusted_proxies: Vec::new(),
            linger: Duration::from_secs(2),
            grace: Duration::from_secs(12),
        }
    }
}
