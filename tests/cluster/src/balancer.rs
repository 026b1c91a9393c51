//! As simple as a load balancer can be: one connection after another goes to the next instance that says it is ready.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

/// How often each instance is asked whether it is ready.
const LOOK: Duration = Duration::from_millis(250);

/// One place behind the balancer; the instance there may change.
struct Place {
    port: u16,
    ready: AtomicBool,
}

/// Balances connections, and knows nothing of requests.
pub struct Balancer {
    pub address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Balancer {
    /// In front of what listens on these ports now or later.
    pub async fn before(ports: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let place = |port: &u16| Place { port: *port, ready: AtomicBool::new(false) };
        let places: Arc<Vec<Place>> = Arc::new(ports.iter().map(place).collect());
        for at in 0..places.len() {
            look(&places[at]).await;
        }
        let looking = (0..places.len()).map(|at| {
            let places = Arc::clone(&places);
            tokio::spawn(async move {
                let mut ticks = interval(LOOK);
                loop {
                    ticks.tick().await;
                    look(&places[at]).await;
                }
            })
        });
        let mut tasks: Vec<_> = looking.collect();
        tasks.push(tokio::spawn(accept(listener, places)));
        Self { address, tasks }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn look(place: &Place) {
    let asked = reqwest::get(format!("http://127.0.0.1:{}/readyz", place.port));
    let ready = matches!(timeout(Duration::from_secs(5), asked).await, Ok(Ok(answer)) if answer.status() == 200);
    place.ready.store(ready, Ordering::SeqCst);
}

async fn accept(listener: TcpListener, places: Arc<Vec<Place>>) {
    let next = Arc::new(AtomicUsize::new(0));
    while let Ok((mut outer, _)) = listener.accept().await {
        let (places, next) = (Arc::clone(&places), Arc::clone(&next));
        tokio::spawn(async move {
            let _ = outer.set_nodelay(true);
            // A place that refuses is passed over: nothing was said to it yet.
            for _ in 0..places.len() * 2 {
                let place = &places[next.fetch_add(1, Ordering::SeqCst) % places.len()];
                if !place.ready.load(Ordering::SeqCst) {
                    continue;
                }
                if let Ok(mut inner) = TcpStream::connect(("127.0.0.1", place.port)).await {
                    let _ = inner.set_nodelay(true);
                    let _ = copy_bidirectional(&mut outer, &mut inner).await;
                    return;
                }
                place.ready.store(false, Ordering::SeqCst);
            }
        });
    }
}
