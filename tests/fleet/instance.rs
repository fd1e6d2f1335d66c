//! Instances of the example, each a process of its own, and the requests that they get all the
//! while.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::database::Database;
use crate::{fleet, support, wait_until};

/// Set if this program is an instance and not the test: the connection string.
const DATABASE: &str = "CORS_FLEET_TEST_DATABASE";
/// How often the instance reads the table without being told, in seconds.
const CHECK: &str = "CORS_FLEET_TEST_CHECK";

/// Long enough that a test only passes if instances are told of changes.
pub(crate) const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs the example, if this program was started by [`Instance::start`].
pub(crate) fn run_if_started_as_one() -> Option<ExitCode> {
    let database = std::env::var(DATABASE).ok()?;
    let check = std::env::var(CHECK).ok()?.parse().ok()?;
    // The input ends with the test, however that ends.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    let run = fleet::run(
        database.parse().expect("a connection string"),
        Duration::from_secs(check),
    );
    Some(actix_web::rt::System::new().block_on(run))
}

/// A running instance; it ends with this value.
pub(crate) struct Instance {
    process: Child,
    output: Arc<Mutex<Vec<String>>>,
}

impl Instance {
    /// Starts an instance. It may not serve yet.
    pub(crate) fn start(database: &Database, check: Duration) -> Self {
        // A socket needs no certificate.
        Self::start_at(&database.address(), check, Path::new("/no/authority"))
    }

    /// Starts an instance that looks for its database here, and trusts the authorities in this
    /// file.
    pub(crate) fn start_at(address: &str, check: Duration, authorities: &Path) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let address = format!("{address} application_name=instance{count}");
        let mut process = Command::new(std::env::current_exe().expect("a program"))
            .env("SSL_CERT_FILE", authorities)
            .env_remove("SSL_CERT_DIR")
            .arg("0") // any port
            .env(DATABASE, address)
            .env(CHECK, check.as_secs().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs");
        let output = Arc::new(Mutex::new(Vec::new()));
        let stdout = process.stdout.take().expect("it is piped");
        let lines = output.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                lines.lock().expect("nothing panics with it").push(line);
            }
        });
        Self { process, output }
    }

    /// Its output so far: the log, and where it serves.
    pub(crate) fn output(&self) -> Vec<String> {
        self.output.lock().expect("nothing panics with it").clone()
    }

    /// How many lines of its log hold all these parts.
    pub(crate) fn logged(&self, parts: &[&str]) -> usize {
        let output = self.output();
        let held = |line: &&String| parts.iter().all(|part| line.contains(part));
        output.iter().filter(held).count()
    }

    /// How many sockets it has open.
    pub(crate) fn sockets(&self) -> usize {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.process.id()));
        (open.expect("it runs").flatten())
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .filter(|target| target.to_string_lossy().starts_with("socket:"))
            .count()
    }

    /// Where it serves, if it does.
    pub(crate) fn serves(&self) -> Option<SocketAddr> {
        self.output().iter().find_map(|line| {
            let (url, _) = line.strip_prefix("Serving http://")?.split_once(',')?;
            url.parse().ok()
        })
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            println!("{}", self.output().join("\n"));
        }
    }
}

/// Asks an instance whether a page on this origin may read, with credentials.
///
/// # Panics
/// If the response is anything but a grant or a refusal.
pub(crate) fn allows(addr: SocketAddr, origin: &str) -> bool {
    let response = support::send(addr, "GET /me", &[format!("Origin: {origin}")], "");
    assert_eq!((response.status, response.body.as_str()), (200, "Ada\n"));
    let cors = response.cors();
    let granted = [
        "access-control-allow-credentials: true".to_owned(),
        format!("access-control-allow-origin: {origin}"),
        "vary: origin".to_owned(),
    ];
    assert!(
        cors == granted || cors == granted[2..],
        "{origin}: {cors:?}"
    );
    cors == granted
}

/// Clients that ask an instance about each origin, one request after the other, until they are told
/// to stop.
pub(crate) struct Clients {
    seen: Arc<Mutex<BTreeMap<String, Vec<bool>>>>,
    rounds: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Clients {
    pub(crate) fn start(instance: &Instance, origins: &[&str]) -> Self {
        wait_until("an instance serves", || instance.serves().is_some());
        let addr = instance.serves().expect("it serves");
        let seen: BTreeMap<String, Vec<bool>> = (origins.iter())
            .map(|origin| ((*origin).to_owned(), Vec::new()))
            .collect();
        let origins: Vec<_> = seen.keys().cloned().collect();
        let mut clients = Self {
            seen: Arc::new(Mutex::new(seen)),
            rounds: Arc::default(),
            stop: Arc::default(),
            thread: None,
        };
        let (seen, rounds, stop) = (
            clients.seen.clone(),
            clients.rounds.clone(),
            clients.stop.clone(),
        );
        clients.thread = Some(std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                for origin in &origins {
                    let allowed = allows(addr, origin);
                    let mut seen = seen.lock().expect("nothing panics with it");
                    let answers = seen.get_mut(origin).expect("it is listed");
                    if answers.last() != Some(&allowed) {
                        answers.push(allowed);
                    }
                }
                rounds.fetch_add(1, Ordering::Relaxed);
                // Two processors are enough for three of these and a database.
                std::thread::sleep(Duration::from_millis(5));
            }
        }));
        clients
    }

    /// Waits until these clients have asked about every origin a few times more.
    pub(crate) fn ask_again(&self) {
        // The round that is under way began before.
        let enough = self.rounds.load(Ordering::Relaxed) + 4;
        wait_until("requests are answered", || {
            assert!(!self.has_failed(), "a request failed");
            self.rounds.load(Ordering::Relaxed) >= enough
        });
    }

    /// How the answers about an origin changed so far, the first and the present one included.
    pub(crate) fn seen(&self, origin: &str) -> Vec<bool> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen[origin].clone()
    }

    /// True if a response was not as it should be.
    pub(crate) fn has_failed(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.take().map(JoinHandle::join);
        assert!(
            std::thread::panicking() || matches!(thread, Some(Ok(()))),
            "a request failed"
        );
    }
}
