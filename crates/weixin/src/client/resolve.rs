//! Finding the addresses of hosts, where it is not left to the system.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Finds the addresses of a host: a name server of one's own, fixed addresses, a test.
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of this host, best first. None is an error of the call: `UnknownHost`.
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// A [`Resolver`] as the HTTP client wants it.
pub(crate) struct Adapter(pub(crate) Arc<dyn Resolver>);

impl Resolve for Adapter {
    fn resolve(&self, name: Name) -> Resolving {
        let finding = self.0.resolve(name.as_str().to_owned());
        Box::pin(async move {
            let found = finding.await?;
            // The port is put in by the HTTP client.
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
