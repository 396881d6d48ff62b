//! A strict server: counts every request at an instant nobody knows, and stops the account when a window is
//! exceeded.
//!
//! The instants are drawn, not waited for, on the since-boot clock that the workers stamp their requests with: so
//! a busy machine changes nothing about what the server was promised. For an answered request the instant lies
//! before the answer leaves, for one that isn't answered up to timeout + grace after its stamp.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use planradar::rate_limit::{Clock as _, OsClock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::rule::{Fate, LIMIT, Times, worst_window};

/// One in so many requests is counted, and then its connection reset.
const RESET_PER_CENT: u32 = 2;

/// What the server saw.
#[derive(Default)]
pub struct Seen {
    /// The numbers of the calls that arrived.
    pub calls: BTreeSet<usize>,
    /// When each request was counted.
    pub counted: Vec<Duration>,
    /// The stamp of each request, in the order of arrival.
    pub sent: Vec<Duration>,
    pub resets: usize,
    pub unanswered: usize,
    /// Answers 429.
    pub refused: usize,
    /// Until when the account is stopped.
    pub stopped_until: Duration,
    /// The furthest that a worker's wall clock was before and after ours, in seconds.
    pub wall_clock: (i64, i64),
}

pub struct Server {
    pub url: String,
    pub times: Times,
    /// The request with this number of arrival is refused, whatever the count.
    refuse: Option<usize>,
    seen: Mutex<Seen>,
    rng: Mutex<fastrand::Rng>,
    arrivals: watch::Sender<usize>,
}

impl Server {
    pub async fn start(times: Times, seed: u64, refuse: Option<usize>) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Arc::new(Self {
            url: format!("http://{}", listener.local_addr()?),
            times,
            refuse,
            seen: Mutex::default(),
            rng: Mutex::new(fastrand::Rng::with_seed(seed)),
            arrivals: watch::Sender::new(0),
        });
        let serving = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A worker may be killed at any moment: its connection then fails, which is no one's concern.
                tokio::spawn(Arc::clone(&serving).serve(stream));
            }
        });
        Ok(server)
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fullest window as counted here.
    pub fn worst(&self) -> usize {
        worst_window(self.seen().counted.clone(), self.times.params.window)
    }

    /// Waits until so many requests have arrived.
    pub async fn arrived(&self, requests: usize) {
        let mut arrivals = self.arrivals.subscribe();
        // The sender lives as long as `self`.
        let _ = arrivals.wait_for(|arrived| *arrived >= requests).await;
    }

    async fn serve(self: Arc<Self>, mut stream: TcpStream) -> io::Result<()> {
        let request = read_request(&mut stream).await?;
        match self.count(&request)? {
            Reply::Answer(after) => {
                tokio::time::sleep(after).await;
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await
            }
            Reply::Refuse => {
                let head =
                    b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                stream.write_all(head).await
            }
            // Without lingering the close is a reset.
            Reply::Reset => stream.set_zero_linger(),
            // Until the caller gives up.
            Reply::Silence => stream.read(&mut [0]).await.map(|_| ()),
        }
    }

    fn count(&self, request: &Request) -> io::Result<Reply> {
        let now = OsClock.now()?;
        let (fate, reset) = {
            let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
            (Fate::draw(&mut rng, &self.times), rng.u32(0..100) < RESET_PER_CENT)
        };
        let mut seen = self.seen();
        seen.calls.insert(request.call);
        seen.sent.push(request.sent);
        seen.wall_clock.0 = seen.wall_clock.0.min(request.wall_clock_off);
        seen.wall_clock.1 = seen.wall_clock.1.max(request.wall_clock_off);
        let arrived = seen.sent.len();
        // Told when this function is done with `seen`.
        self.arrivals.send_replace(arrived);
        if now < seen.stopped_until {
            seen.refused += 1;
            return Ok(Reply::Refuse);
        }
        // Never later than promised, however long the machine took to bring the request here.
        let at = (now + fate.counted).min(request.sent + self.times.counted_by());
        seen.counted.push(at);
        let window = self.times.params.window;
        let windows = seen.counted.iter().filter(|first| **first <= at && **first + window >= at);
        let held = |first: &Duration| {
            seen.counted.iter().filter(|other| (*first..=*first + window).contains(*other)).count()
        };
        let fullest = windows.map(held).max().unwrap_or(0);
        if fullest > LIMIT as usize || self.refuse == Some(arrived) {
            seen.stopped_until = now + self.times.params.cooldown;
            seen.refused += 1;
            return Ok(Reply::Refuse);
        }
        Ok(match fate.answer {
            _ if reset => {
                seen.resets += 1;
                Reply::Reset
            }
            Some(after) => Reply::Answer(after),
            None => {
                seen.unanswered += 1;
                Reply::Silence
            }
        })
    }
}

enum Reply {
    Answer(Duration),
    Refuse,
    Reset,
    Silence,
}

struct Request {
    call: usize,
    /// The worker's since-boot clock before it sent.
    sent: Duration,
    /// The worker's wall clock against ours, in seconds.
    wall_clock_off: i64,
}

/// `GET /call/<number>/<stamp in ns>/<wall clock in s>`: all that a worker has to say is in the path.
async fn read_request(stream: &mut TcpStream) -> io::Result<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let head = String::from_utf8_lossy(&head);
    let mut path = head.split([' ', '/']).skip_while(|part| *part != "call").skip(1);
    let mut number =
        || path.next().and_then(|text| text.parse::<u64>().ok()).ok_or(io::ErrorKind::InvalidData);
    let (call, sent, wall_clock) = (number()?, number()?, number()?);
    let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
    Ok(Request {
        call: usize::try_from(call).map_err(io::Error::other)?,
        sent: Duration::from_nanos(sent),
        wall_clock_off: wall_clock.cast_signed() - ours.as_secs().cast_signed(),
    })
}
