//! A PostgreSQL of the test's own, in a temporary folder. It listens on a socket in that folder,
//! and elsewhere only if a test says so.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::authority::{self, Certificate};
use crate::wait_until;

/// The line that installs the server where it is missing, on Debian.
pub(crate) fn missing() -> Option<&'static str> {
    let is_missing = programs().is_none() || authority::is_missing();
    is_missing.then_some("apt-get install postgresql openssl")
}

/// The folder of the server's programs: the newest version of Debian's, or one in `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok();
    let mut debian: Vec<(u32, PathBuf)> = (versions.into_iter().flatten().flatten())
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    debian.sort();
    let debian = debian.into_iter().rev().map(|(_, folder)| folder);
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.chain(std::env::split_paths(&path)).find(|folder| {
        ["initdb", "postgres", "psql"]
            .iter()
            .all(|name| folder.join(name).is_file())
    })
}

fn free_port() -> u16 {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    port.expect("a free port").port()
}

/// A cluster of databases. Its server and its folder end with this value, and with the test,
/// however that ends.
pub(crate) struct Database {
    programs: PathBuf,
    pub(crate) folder: PathBuf,
    /// Part of the socket's name. If another program takes it, the server starts once it is free.
    port: u16,
    /// Where the server listens besides the socket, and its certificate.
    settings: Vec<String>,
    /// PostgreSQL does not run as root.
    user: Option<u32>,
    server: Option<Server>,
    /// Removes the folder. Dropped after the server.
    _guard: Guard,
}

impl Database {
    /// An empty cluster, which is not started.
    pub(crate) fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let programs = programs().expect("the test is ignored without them");
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // The path of a socket has room for about a hundred bytes.
        let folder =
            std::env::temp_dir().join(format!("cors-fleet-{}-{count}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder of our own");
        let guard = Guard::new(
            r#"for _ in $(seq 100); do rm -rf -- "$0" 2>/dev/null; [ -e "$0" ] || exit; sleep 0.1; done"#,
            folder.to_str().expect("a name in UTF-8"),
        );
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        let user = is_root.then(|| {
            let output = Command::new("id").args(["-u", "nobody"]).output();
            let output = output.expect("`id` runs").stdout;
            let text = String::from_utf8_lossy(&output);
            text.trim().parse().expect("the user `nobody`")
        });
        chown(&folder, user, user).expect("root may");
        let database = Self {
            programs,
            folder,
            port: free_port(),
            settings: vec!["listen_addresses=".to_owned()],
            user,
            server: None,
            _guard: guard,
        };
        let status = database
            .command("initdb")
            .args([
                "--auth=trust",
                "--username=fleet",
                "--no-sync",
                "--no-instructions",
                "-D",
                "data",
            ])
            .stdout(Stdio::null())
            .status();
        assert!(status.expect("initdb runs").success());
        database
    }

    /// A program of the server, by its user, with an environment of its own.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Where clients find the server, as a connection string.
    pub(crate) fn address(&self) -> String {
        let (folder, port) = (self.folder.display(), self.port);
        format!("host={folder} port={port} user=fleet dbname=postgres sslmode=disable")
    }

    /// Where clients find the server over TCP, under this name.
    pub(crate) fn address_of(&self, host: &str) -> String {
        let port = self.port;
        format!("host={host} hostaddr=127.0.0.1 port={port} user=fleet dbname=postgres")
    }

    /// Has the server listen on TCP when it starts again, over TLS if it has a certificate.
    pub(crate) fn listen_on_tcp(&mut self, certificate: Option<&Certificate>) {
        assert!(self.server.is_none(), "it runs already");
        self.settings = vec!["listen_addresses=127.0.0.1".to_owned()];
        if let Some(certificate) = certificate {
            // PostgreSQL refuses a key that others can read.
            chown(&certificate.key, self.user, self.user).expect("root may");
            self.settings.extend([
                "ssl=on".to_owned(),
                format!("ssl_cert_file={}", certificate.file.display()),
                format!("ssl_key_file={}", certificate.key.display()),
            ]);
        }
    }

    /// Starts the server, and returns when it takes queries.
    pub(crate) fn start(&mut self) {
        let folder = self.folder.clone();
        self.start_in(&folder);
    }

    /// Starts the server where the instances do not look for it, changes the table, and stops the
    /// server.
    pub(crate) fn change_unseen(&mut self, statement: &str) {
        let folder = self.folder.join("data");
        self.start_in(&folder);
        self.sql_in(&folder, statement).expect("it takes queries");
        self.stop();
    }

    /// Stops the server, without a word to its clients.
    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    fn start_in(&mut self, socket: &Path) {
        assert!(self.server.is_none(), "it runs already");
        wait_until("the server takes queries", || {
            // After a crash, it refuses to start while a process of the old server is left.
            if !self.server.as_mut().is_some_and(Server::is_running) {
                let mut command = self.command("postgres");
                command.args(["-p", &self.port.to_string()]);
                command.args(self.settings.iter().flat_map(|setting| ["-c", setting]));
                self.server = Some(Server::start(command, socket));
            }
            self.sql_in(socket, "SELECT 1").is_ok()
        });
    }

    /// Runs statements, each in a transaction of its own, and returns the rows.
    pub(crate) fn sql(&self, statements: &str) -> Vec<String> {
        self.sql_in(&self.folder, statements)
            .unwrap_or_else(|error| panic!("{statements}: {error}"))
    }

    fn sql_in(&self, socket: &Path, statements: &str) -> Result<Vec<String>, String> {
        let mut command = self.command("psql");
        command
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "fleet",
                "-d",
                "postgres",
            ])
            .args(["-p", &self.port.to_string(), "-h"])
            .arg(socket);
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped());
        command.stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| error.to_string())?;
        let mut stdin = process.stdin.take().expect("it is piped");
        // If it could not connect, it does not read.
        let _ = stdin.write_all(statements.as_bytes());
        drop(stdin);
        let output = process.wait_with_output();
        let output = output.map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The processes that serve the instances.
    pub(crate) fn backends(&self) -> Vec<u32> {
        self.sql(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'instance%' ORDER BY pid",
        )
        .iter()
        .map(|pid| pid.parse().expect("a number"))
        .collect()
    }

    /// The process that accepts connections.
    pub(crate) fn process(&self) -> u32 {
        self.server.as_ref().expect("it runs").process.id()
    }

    /// Kills the server and the processes given, without a chance to finish anything.
    pub(crate) fn kill(&mut self, backends: &[u32]) {
        let server = self.server.take().expect("it runs");
        // The others end when they find the first gone; what is frozen does not find it.
        signal("KILL", &[server.process.id()]);
        signal("KILL", backends);
    }
}

/// A running server.
struct Server {
    process: Child,
    guard: Option<Guard>,
}

impl Server {
    fn start(mut command: Command, socket: &Path) -> Self {
        let process = command
            .args(["-D", "data", "-c", "fsync=off", "-c"])
            .arg("dynamic_shared_memory_type=mmap") // in the folder
            .arg("-k")
            .arg(socket)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("postgres runs");
        // It ends its processes at once, also if it is frozen.
        let guard = Guard::new(
            r#"kill -s QUIT "$0"; kill -s CONT "$0""#,
            &process.id().to_string(),
        );
        Self {
            process,
            guard: Some(guard),
        }
    }

    fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.take());
        let _ = self.process.wait();
    }
}

/// Runs a script when it is dropped, or when the test ends in any other way.
struct Guard(Child);

impl Guard {
    /// In the script, `$0` is `argument`.
    fn new(script: &str, argument: &str) -> Self {
        // Its input ends when the test does, even if that is killed.
        let shell = Command::new("sh")
            .args(["-c", &format!("read -r _\n{script}"), argument])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        Self(shell.expect("sh runs"))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Sends a signal to processes.
pub(crate) fn signal(name: &str, processes: &[u32]) {
    let status = Command::new("sh")
        .args(["-c", r#"kill -s "$0" "$@""#, name])
        .args(processes.iter().map(ToString::to_string))
        .status();
    assert!(status.expect("sh runs").success(), "{name} {processes:?}");
}
