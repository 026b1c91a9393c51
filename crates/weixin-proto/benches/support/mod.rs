//! What benches over sockets share: a serving process on one core, a load process on another, and what the serving one
//! spent. Requests are prepared before the clock runs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use weixin_proto::callback::{Envelope, Format};
use weixin_proto::{AesKey, AppId, envelope, sign};

pub const APP: &str = "wx1111111111111111";
pub const TOKEN: &str = "tokenOfTheBench";
pub const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
/// The account's original id.
pub const OURS: &str = "gh_97417a04a28d";
/// What the person writes; every subject answers by a short text.
pub const CONTENT: &str = "你好，请问周末营业吗？";
const NONCE: &str = "415670741";
pub const CONNECTIONS: u64 = 64;

pub fn key() -> AesKey {
    AesKey::parse(KEY).unwrap()
}

pub fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// A text of one of a thousand people, as WeChat writes it.
pub fn text(msg_id: u64) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><FromUserName><![CDATA[oBench0000000000000000000{:03}]]>\
         </FromUserName><CreateTime>{}</CreateTime><MsgType><![CDATA[text]]></MsgType>\
         <Content><![CDATA[{CONTENT}]]></Content><MsgId>{msg_id}</MsgId></xml>",
        msg_id % 1000,
        now_s(),
    )
}

/// The whole request with which WeChat delivers a push, encrypted or not.
pub fn request(safe: bool, inner: &str) -> Vec<u8> {
    let timestamp = now_s().to_string();
    let signature = sign::callback_signature(TOKEN, &timestamp, NONCE);
    let mut query = format!("signature={signature}&timestamp={timestamp}&nonce={NONCE}&openid=oBench");
    let mut body = inner.to_owned();
    if safe {
        let encrypt = envelope::seal(&key(), &AppId::new(APP), inner.as_bytes(), *b"0123456789abcdef").unwrap();
        let msg_signature = sign::msg_signature(TOKEN, &timestamp, NONCE, &encrypt);
        query.push_str(&format!("&encrypt_type=aes&msg_signature={msg_signature}"));
        body = Envelope::write(OURS, &encrypt, Format::Xml);
    }
    format!(
        "POST /wx?{query} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: Mozilla/4.0\r\n\
         Content-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A process that serves on loopback and prints its port. It ends when dropped.
pub struct Served {
    child: Child,
    answers: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Served {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        let port: u16 = line.trim().parse().unwrap();
        Self { child, answers, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    /// Says a line to one that listens to its standard input, and gives the line it answers.
    pub fn ask(&mut self, line: &str) -> String {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim().to_owned()
    }

    /// Its CPU time so far, all threads that live, in seconds. By the scheduler's own clock: the ticks of `stat` are too
    /// coarse for a round.
    pub fn cpu_seconds(&self) -> f64 {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let spent = threads.map(|thread| {
            let stat = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap_or_default();
            stat.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default()
        });
        spent.sum::<f64>() / 1e9
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The serving side's last line: who started it is gone, so it goes too.
pub fn until_stdin_ends() {
    drop(std::io::stdin().read_to_end(&mut Vec::new()));
    std::process::exit(0);
}

/// A command on one core, where `taskset` is there.
pub fn on_core(core: usize, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores <= core || Command::new("taskset").arg("--version").output().is_err() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program);
    command
}

/// This bench again.
pub fn myself(core: usize, arguments: &[&str]) -> Command {
    let mut command = on_core(core, std::env::current_exe().unwrap());
    command.args(arguments);
    command
}

/// What came of one round.
#[derive(Clone, Copy)]
pub struct Round {
    /// By the clock on the wall.
    pub per_second: f64,
    /// Of the serving process.
    pub per_cpu_second: f64,
    /// How long all but one in a hundred took at most, milliseconds.
    pub p99_ms: f64,
}

/// Lets the load process on `core` send `count` pushes, all different, numbered from `first`.
pub fn round(served: &Served, core: usize, safe: bool, first: u64, count: u64) -> Round {
    let (address, first, number) = (served.address.to_string(), first.to_string(), count.to_string());
    let mode = if safe { "safe" } else { "plain" };
    round_by(served, myself(core, &["--load", &address, mode, &first, &number]), count)
}

/// Lets a load process that ends by [`send_all`] send its `count` requests.
pub fn round_by(served: &Served, mut load: Command, count: u64) -> Round {
    let before = served.cpu_seconds();
    let output = load.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the load process failed");
    let line = String::from_utf8(output.stdout).unwrap();
    Round::read(&line, count, served.cpu_seconds() - before)
}

impl Round {
    /// Reads what [`told`] wrote.
    pub fn read(line: &str, count: u64, spent: f64) -> Self {
        let (seconds, p99_ms) = line.trim().split_once(' ').unwrap();
        let (count, seconds) = (f64::from(u32::try_from(count).unwrap()), seconds.parse::<f64>().unwrap());
        Self { per_second: count / seconds, per_cpu_second: count / spent, p99_ms: p99_ms.parse().unwrap() }
    }
}

/// How long a round took and how long each of it, for [`Round::read`].
pub fn told(round: Duration, mut each: Vec<Duration>) -> String {
    each.sort();
    let p99 = each[(each.len() - 1) * 99 / 100];
    format!("{} {}", round.as_secs_f64(), p99.as_secs_f64() * 1e3)
}

/// The load process of [`round`].
pub fn load(arguments: &[String]) {
    let [address, mode, first, count] = arguments else { panic!("--load address mode first count") };
    let (first, count): (u64, u64) = (first.parse().unwrap(), count.parse().unwrap());
    send_all(address, (first..first + count).map(|number| request(mode == "safe", &text(number))).collect());
}

/// A load process. One thread waits for all connections at once, as load tools do, so that what the serving side pays
/// to wake it does not depend on who is faster. Prints how long it took.
pub fn send_all(address: &str, requests: Vec<Vec<u8>>) {
    let requests = Rc::new(requests);
    let address = address.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (took, each) = tokio::task::LocalSet::new().block_on(&runtime, async {
        let mut sockets = Vec::new();
        for _ in 0..CONNECTIONS {
            sockets.push(connect(address).await);
        }
        let next = Rc::new(std::cell::Cell::new(0));
        let begun = Instant::now();
        let connections: Vec<_> = sockets
            .into_iter()
            .map(|socket| tokio::task::spawn_local(ask(socket, Rc::clone(&requests), Rc::clone(&next))))
            .collect();
        let mut each = Vec::with_capacity(requests.len());
        for connection in connections {
            each.extend(connection.await.unwrap());
        }
        (begun.elapsed(), each)
    });
    println!("{}", told(took, each));
}

pub async fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    socket
}

/// One connection: sends the next request as soon as it has its answer. Gives how long each took.
async fn ask(mut socket: TcpStream, requests: Rc<Vec<Vec<u8>>>, next: Rc<std::cell::Cell<usize>>) -> Vec<Duration> {
    let mut buffer = vec![0; 16 * 1024];
    let mut each = Vec::new();
    while let Some(request) = requests.get(next.get()) {
        next.set(next.get() + 1);
        let sent = Instant::now();
        socket.write_all(request).await.unwrap();
        read_answer(&mut socket, &mut buffer).await;
        each.push(sent.elapsed());
    }
    each
}

/// Reads one answer, which must be a reply: nobody is measured for refusing. Gives its body.
pub async fn read_answer<'b>(socket: &mut TcpStream, buffer: &'b mut [u8]) -> &'b [u8] {
    let mut filled = 0;
    loop {
        let read = socket.read(&mut buffer[filled..]).await.unwrap();
        assert_ne!(read, 0, "closed early");
        filled += read;
        let text = &buffer[..filled];
        let Some(end) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        assert!(text.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(text));
        let head = std::str::from_utf8(&text[..end]).unwrap();
        let line =
            head.lines().find(|line| line.len() > 15 && line[..15].eq_ignore_ascii_case("content-length:")).unwrap();
        let end = end + 4 + line[15..].trim().parse::<usize>().unwrap();
        if filled >= end {
            let start = text.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
            return &buffer[start..end];
        }
    }
}

/// The machine is never quite still: the middle one counts.
pub fn middle(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// For a pause between rounds: what one subject left to do must not be paid by the next.
pub const PAUSE: Duration = Duration::from_millis(200);
