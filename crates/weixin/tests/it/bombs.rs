//! Answers meant to fill the memory or to last for ever. G-35, T-101.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{ErrorKind, RetryPolicy};

use crate::support::*;

/// The most memory this process ever held, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[derive(Debug, Clone, Copy)]
enum Bomb {
    Compressed,
    EndlessChunks,
    SlowDrip,
    HugeHeader,
    ManyHeaders,
    DeepNest,
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";

impl Bomb {
    /// Goes off; an error means that the client has gone.
    async fn explode(self, stream: &mut TcpStream) -> std::io::Result<()> {
        stream.write_all(HEAD).await?;
        match self {
            // 512 KiB that would be 500 MB, if anybody unpacked them.
            Self::Compressed => {
                stream.write_all(b"content-encoding: gzip\r\ncontent-length: 524288\r\n\r\n\x1f\x8b\x08\0").await?;
                for _ in 0..64 {
                    stream.write_all(&[0xec; 8192]).await?;
                }
            }
            Self::EndlessChunks => {
                stream.write_all(b"transfer-encoding: chunked\r\n\r\n").await?;
                loop {
                    stream.write_all(b"1000\r\n").await?;
                    stream.write_all(&[b' '; 0x1000]).await?;
                    stream.write_all(b"\r\n").await?;
                }
            }
            Self::SlowDrip => {
                stream.write_all(b"content-length: 1000000\r\n\r\n").await?;
                loop {
                    stream.write_all(b" ").await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Self::HugeHeader => {
                stream.write_all(b"x-bomb: ").await?;
                loop {
                    stream.write_all(&[b'x'; 8192]).await?;
                }
            }
            Self::ManyHeaders => loop {
                stream.write_all(b"x-bomb: x\r\n").await?;
            },
            Self::DeepNest => {
                stream.write_all(b"content-length: 1000000\r\n\r\n").await?;
                for _ in 0..125 {
                    stream.write_all(&[b'['; 8000]).await?;
                }
            }
        }
        Ok(())
    }
}

/// The address of a server that has one answer for all.
async fn serve(bomb: Bomb) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                if stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                    let _gone = bomb.explode(&mut stream).await;
                    let _ = stream.read(&mut request).await;
                }
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn bombs_cost_little_memory_and_no_time() {
    let warm = Bench::new(|request| if request.is_token_fetch() { token("T") } else { ip_list() }).await;
    warm.client.send(&warm.account, GetApiDomainIp {}).await.unwrap();
    let all =
        [Bomb::Compressed, Bomb::EndlessChunks, Bomb::SlowDrip, Bomb::HugeHeader, Bomb::ManyHeaders, Bomb::DeepNest];
    let before = peak_kib();
    for bomb in all {
        let base = serve(bomb).await.parse().unwrap();
        let bench = Bench::with(Stub::scripted([]).await, |builder| {
            builder.api_base(base).timeout(Duration::from_secs(1)).retries(RetryPolicy::never())
        });
        let began = Instant::now();
        let request = weixin::api::sns::ExchangeCode { code: "c".into() };
        let error = bench.client.send(&bench.account, request).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "{bomb:?}: {error:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{bomb:?}: {:?}", began.elapsed());
    }
    let grown = peak_kib() - before;
    println!("six bombs: {grown} KiB more at the most");
    assert!(grown <= 8 * 1024, "{grown} KiB");
}
